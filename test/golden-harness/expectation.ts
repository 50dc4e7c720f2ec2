/** Compares a decided and patched Pod with what a person expected of it. */
import { expect } from 'vitest'
import type { Expected, Flag } from './case-folder.ts'
import { ATTRIBUTES_PATH, EXTRA_ATTRIBUTES, normalPath } from './pod-rules.ts'
import { containerNamed, envOf, envValue, list, mapping, mountsOf, type Raw, volumesOf } from './raw-pod.ts'

export interface Given {
  outcome: string
  reason?: string | undefined
  warnings: readonly string[]
}

/** Each expected entry stands in a warning of its own, and there is no other warning. */
export function checkDecision(expected: Expected, given: Given): void {
  expect({ outcome: given.outcome, reason: given.reason }, JSON.stringify(given.warnings)).toEqual({
    outcome: expected.outcome,
    reason: expected.reason,
  })
  expect(given.warnings, 'number of warnings').toHaveLength(expected.warnings.length)
  const left = [...given.warnings]
  for (const texts of expected.warnings.map((entry) => [entry].flat())) {
    const index = left.findIndex((warning) => texts.every((text) => warning.includes(text)))
    expect(index, `a warning with ${JSON.stringify(texts)} among ${JSON.stringify(left)}`).toBeGreaterThanOrEqual(0)
    left.splice(index, 1)
  }
  for (const text of expected.warningsWithout ?? []) expect(given.warnings.join('\n')).not.toContain(text)
}

export function checkPod(expected: Expected, patched: unknown): void {
  const proxy = containerNamed(patched, 'linkerd-proxy')
  checkVariables(expected, proxy)
  checkAttributes(expected, proxy)
  checkOrder(expected, proxy)
  checkLabelsFile(expected, patched, proxy)
  const annotations = mapping(mapping(mapping(patched)['metadata'])['annotations'])
  for (const [key, value] of Object.entries(expected.annotations ?? {})) {
    expect(annotations[key] ?? null, key).toBe(value)
  }
  for (const [container, args] of Object.entries(expected.args ?? {})) {
    expect(containerNamed(patched, container)['args'] ?? null, `args of ${container}`).toEqual(args)
  }
  for (const [container, flag] of Object.entries(expected.flag ?? {})) checkFlag(patched, container, flag)
  for (const [container, texts] of Object.entries(expected.argsWithout ?? {})) {
    const args = JSON.stringify(containerNamed(patched, container)['args'])
    for (const text of texts) expect(args, `args of ${container}`).not.toContain(text)
  }
}

function checkVariables(expected: Expected, proxy: Raw): void {
  for (const [name, value] of Object.entries(expected.env ?? {})) {
    const entry = envOf(proxy).find((e) => e.name === name)
    if (value === null) expect(entry, `${name} must be absent`).toBeUndefined()
    else expect(entry, name).toEqual({ name, value })
  }
  for (const [name, entry] of Object.entries(expected.entries ?? {})) {
    expect(envOf(proxy).filter((e) => e.name === name)).toEqual([{ name, ...entry }])
  }
}

/** Lines may come in any order, as they do for the proxy; what was there already has to stay in front. */
function checkAttributes(expected: Expected, proxy: Raw): void {
  const { attributes, attributeLines } = expected
  const value = envValue(proxy, EXTRA_ATTRIBUTES)
  const lines = String(value).split('\n').toSorted()
  if (attributes) expect(lines, EXTRA_ATTRIBUTES).toEqual(attributes.toSorted())
  if (attributeLines) expect(lines.filter(Boolean), EXTRA_ATTRIBUTES).toEqual(attributeLines.toSorted())
  expect(String(value).startsWith(expected.attributesStart ?? ''), `${EXTRA_ATTRIBUTES} starts as it was`).toBe(true)
}

function checkOrder(expected: Expected, proxy: Raw): void {
  const names = envOf(proxy).map((entry) => entry.name)
  for (const [first, second] of expected.order ?? []) {
    expect(names, `${first} and ${second}`).toEqual(expect.arrayContaining([first, second]))
    expect(names.indexOf(first), `${first} before ${second}`).toBeLessThan(names.indexOf(second))
  }
  if (expected.first !== undefined) expect(names[0]).toBe(expected.first)
}

function checkLabelsFile(expected: Expected, patched: unknown, proxy: Raw): void {
  if (expected.labels) {
    const { volume, file } = expected.labels
    const found = volumesOf(patched).filter((v) => v['name'] === volume)
    expect(found, `volume ${volume}`).toHaveLength(1)
    const items = list(mapping(found[0]?.['downwardAPI'])['items']).map(mapping)
    const item = items.find((i) => mapping(i['fieldRef'])['fieldPath'] === 'metadata.labels')
    expect(item?.['path'], `file of the labels in ${volume}`).toBe(file)
    const paths = mountsOf(proxy)
      .filter((m) => m.name === volume)
      .map((m) => normalPath(m.mountPath))
    expect(paths, `mount of ${volume}`).toHaveLength(1)
    expect(envValue(proxy, ATTRIBUTES_PATH)).toBe(`${paths[0]}/${file}`)
  }
  if (expected.volumes) expect(volumesOf(patched).map((v) => v['name'])).toEqual(expected.volumes)
  if (expected.mounts) expect(mountsOf(proxy).map((m) => `${m.name}:${m.mountPath}`)).toEqual(expected.mounts)
}

/** `-x=v`, `--x=v` and `-x v` are one flag to Go; it must be there once, at its place, among the same others. */
function checkFlag(patched: unknown, container: string, flag: Flag): void {
  const args = list(containerNamed(patched, container)['args']).map(String)
  const index = args.findIndex((arg) => /^--?trace-collector(=|$)/.test(arg))
  expect(index, `-trace-collector in ${JSON.stringify(args)}`).toBe(flag.index)
  const isJoined = args[index]?.includes('=') === true
  expect(isJoined ? args[index]?.replace(/^[^=]*=/, '') : args[index + 1]).toBe(flag.value)
  expect(args.toSpliced(index, isJoined ? 1 : 2)).toEqual(flag.others)
}
