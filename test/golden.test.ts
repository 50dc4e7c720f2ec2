/**
 * Each folder of test/golden is one rule: a Pod, what surrounds it, and what a person expected by the specification.
 * It runs through the functions, through
 * `inject`, and over HTTPS; all must agree. `UPDATE_GOLDEN=1` writes the generated
 * files (`patched.yaml`, `answer.yaml`), never `expected.yaml`.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import jsonPatch, { type Operation } from 'fast-json-patch'
import { afterAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { parseAdmissionReview } from '../src/admission/parse-admission-review.ts'
import { toAdmissionResponse } from '../src/admission/to-admission-response.ts'
import { runInject } from '../src/cli/inject/run-inject.ts'
import { decideInjection } from '../src/injection/decide-injection.ts'
import type { InjectionDecision } from '../src/injection/decision.ts'
import { podPatch } from '../src/injection/pod-patch.ts'
import {
  CASE_FILES,
  caseNames,
  flagProperties,
  type GoldenCase,
  readCase,
  reviewOf,
  settingsOfCase,
} from './golden-harness/case-folder.ts'
import { checkDecision, checkPod } from './golden-harness/expectation.ts'
import { faultsOf } from './golden-harness/pod-rules.ts'
import { mapping } from './golden-harness/raw-pod.ts'
import { patchIn, responseIn, startWebhook, type Webhook } from './golden-harness/webhook.ts'
import { matrixCases } from './golden-matrix/generate.ts'

const isUpdate = process.env['UPDATE_GOLDEN'] === '1'
const names = caseNames()

/** Takes a case and the Pod of this pass, gives decision, response and patch through the functions. */
function answerByFunctions(golden: GoldenCase, pod: unknown) {
  const { request } = parseAdmissionReview(reviewOf(pod, golden.overrides))
  const decision = decideInjection({ request, namespace: golden.namespace, settings: settingsOfCase(golden) })
  const patch = podPatch(request.object, decision)
  return { decision, patch, response: toAdmissionResponse(request, decision, patch) }
}

function reasonOf(decision: InjectionDecision): string | undefined {
  return decision.outcome === 'skipped' ? decision.reason : undefined
}

function applied(pod: unknown, patch: readonly unknown[]): unknown {
  return jsonPatch.applyPatch(structuredClone(pod), structuredClone(patch) as Operation[], true).newDocument
}

describe('the folders', () => {
  test('there are some', () => expect(names.length).toBeGreaterThan(400))
  test.each(names)('%s holds its files and no other', (name) => {
    const files = readdirSync(join(import.meta.dirname, 'golden', name))
    expect(files.filter((file) => !CASE_FILES.includes(file))).toEqual([])
    expect(files).toEqual(expect.arrayContaining(['pod.yaml', 'expected.yaml']))
  })
})

test('the matrix of version, protocol and address is as its generator writes it', () => {
  const cases = matrixCases()
  expect(names.filter((name) => name.startsWith('matrix-'))).toEqual([...cases.keys()].toSorted())
  for (const [name, files] of cases) {
    const folder = join(import.meta.dirname, 'golden', name)
    const written = Object.keys(files).map((file) => [file, readFileSync(join(folder, file), 'utf8')])
    expect(Object.fromEntries(written), 'run node test/golden-matrix/generate.ts').toEqual(files)
  }
})

describe('through the functions', () => {
  test.each(names)('%s', (name) => {
    const golden = readCase(name)
    const { decision, patch, response } = answerByFunctions(golden, golden.pod)
    checkDecision(golden.expected, { ...decision, reason: reasonOf(decision) })
    if (patch.length === 0) {
      expect(['skipped', 'already-traced']).toContain(decision.outcome)
      checkPod(golden.expected, golden.pod)
    } else checkPatched(golden, patch)
    const warnings = response.warnings ?? []
    expect(warnings).toHaveLength(golden.expected.warnings.length + (golden.expected.summary ? 1 : 0))
    for (const text of golden.expected.summary ?? []) expect(warnings.join('\n')).toContain(text)
    expect(warnings.filter((warning) => Buffer.byteLength(warning) > 255 || /\p{Cc}/u.test(warning))).toEqual([])
  })
})

function checkPatched(golden: GoldenCase, patch: readonly unknown[]): void {
  expect(['traced', 'marked']).toContain(golden.expected.outcome)
  const patched = applied(golden.pod, patch)
  checkPod(golden.expected, patched)
  if (golden.expected.outcome === 'traced') {
    expect(faultsOf(golden.pod, patched)).toEqual([])
    expect(mapping(mapping(mapping(patched)['metadata'])['annotations'])['tracing.linkerd.io/status']).toBeTypeOf(
      'string',
    )
  }
  const again = answerByFunctions(golden, patched)
  expect(again.patch, 'a second pass gives no patch').toEqual([])
  expect(again.decision.outcome).toBe(golden.expected.outcome === 'traced' ? 'already-traced' : 'skipped')
}

describe('generated files', () => {
  test.each(names)('%s has those of today', (name) => {
    const golden = readCase(name)
    const { decision, patch, response } = answerByFunctions(golden, golden.pod)
    const { warnings = [], auditAnnotations } = response
    const answer = { outcome: decision.outcome, reason: reasonOf(decision), warnings, auditAnnotations, patch }
    compare(golden, 'answer.yaml', answer)
    compare(golden, 'patched.yaml', patch.length === 0 ? undefined : applied(golden.pod, patch))
  })
})

function compare(golden: GoldenCase, file: string, content: unknown): void {
  const path = join(golden.folder, file)
  const text = content === undefined ? undefined : stringify(content, { lineWidth: 120, aliasDuplicateObjects: false })
  if (isUpdate && text === undefined) rmSync(path, { force: true })
  if (isUpdate && text !== undefined) writeFileSync(path, text)
  const written = existsSync(path) ? readFileSync(path, 'utf8') : undefined
  expect(
    written,
    `${file} is stale: look at the difference, then UPDATE_GOLDEN=1 npx vitest run test/golden.test.ts`,
  ).toBe(text)
}

describe('through inject', () => {
  // What a manifest cannot say: another operation, a dry run, an absent object or kind, what linkerd-config holds.
  const manifests = names
    .map(readCase)
    .filter(({ overrides }) => Object.keys(overrides).every((key) => key === 'namespace'))
    .filter(({ discovered }) => Object.keys(discovered).length === 0)
    .filter(({ pod }) => mapping(pod)['kind'] === 'Pod')

  test.each(manifests)('$name', async (golden) => {
    const { decision, patch } = answerByFunctions(golden, golden.pod)
    const ran = await inject(golden, readFileSync(join(golden.folder, 'pod.yaml'), 'utf8'))
    expect(parse(ran.stdout)).toEqual(applied(golden.pod, patch))
    const { outcome, reason, warnings } = golden.expected
    const [line, ...told] = ran.stderr.trimEnd().split('\n')
    expect(line).toContain(outcome === 'skipped' ? `skipped (${reason})` : outcome)
    expect(told).toHaveLength(warnings.length)
    expect(told).toHaveLength(decision.warnings.length)
    expect(ran.exitCode).toBe(['not-pod-create', 'invalid-setting', 'unsupported-proxy'].includes(reason ?? '') ? 2 : 0)
    const again = await inject(golden, ran.stdout)
    expect(again.stdout, 'a second pass changes not one byte').toBe(ran.stdout)
  })
})

async function inject(golden: GoldenCase, manifest: string) {
  const namespacesFile = join(golden.folder, 'namespace.yaml')
  const flags = { ...flagProperties(golden.flags), ...(golden.namespace === undefined ? {} : { namespacesFile }) }
  const told = { stdout: '', stderr: '' }
  const into = (stream: 'stdout' | 'stderr'): Writable =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        told[stream] += chunk.toString('utf8')
        done()
      },
    })
  const streams = { stdin: Readable.from([manifest]), stdout: into('stdout'), stderr: into('stderr'), env: {} }
  const { namespace = 'default' } = golden.overrides as { namespace?: string }
  const exitCode = await runInject({ filenames: ['-'], namespace, flags }, streams)
  return { ...told, exitCode }
}

describe('over HTTPS', () => {
  // One server for each set of settings; the Namespace that it sees is the one of the case at hand.
  const servers = new Map<string, Promise<Webhook>>()
  let current: GoldenCase | undefined
  afterAll(async () => {
    for (const server of servers.values()) await (await server).close()
  })

  test.each(names)('%s', async (name) => {
    const golden = readCase(name)
    current = golden
    const key = JSON.stringify([golden.flags, golden.discovered])
    const starting = servers.get(key) ?? startWebhook(settingsOfCase(golden), () => current?.namespace)
    servers.set(key, starting)
    const server = await starting
    const response = responseIn(await server.post(JSON.stringify(reviewOf(golden.pod, golden.overrides))))
    expect(response).toEqual(JSON.parse(JSON.stringify(answerByFunctions(golden, golden.pod).response)))
    const { outcome, reason = '' } = golden.expected
    expect(response).toMatchObject({ allowed: true, auditAnnotations: { outcome, reason } })
    const patch = patchIn(response)
    expect('patchType' in response).toBe(patch.length > 0)
    if (patch.length === 0) return
    const second = responseIn(await server.post(JSON.stringify(reviewOf(applied(golden.pod, patch), golden.overrides))))
    expect(second.patch, 'a second pass gives no patch').toBeUndefined()
  })
})
