import { EventEmitter } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { settingsPage } from '../scripts/settings-page.ts'
import type { CliContext } from '../src/cli/context.ts'
import * as inject from '../src/cli/inject.ts'
import { buildProgram } from '../src/cli/program.ts'
import { variableOf } from '../src/config/setting.ts'
import { SETTINGS } from '../src/config/settings-table.ts'
import * as metadataNames from '../src/injection/metadata-names.ts'
import { SKIP_REASONS } from '../src/injection/skip-reason.ts'
import { BRIDGE_METRICS } from '../src/runtime/bridge-metrics-table.ts'
import { METRICS } from '../src/runtime/metrics-table.ts'
import { root } from './source-files.ts'

const read = (path: string) => readFileSync(join(root, path), 'utf8')
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
]

/** A process that nothing is asked of: commands only say which flags they have. */
const IDLE: CliContext = {
  stdout: new PassThrough(),
  stderr: new PassThrough(),
  stdin: new PassThrough(),
  env: {},
  signals: new EventEmitter(),
  nodeVersion: '',
  setExitCode: () => {},
  exit: () => {},
}

/** The long flags of all commands. */
function allFlags(): string[] {
  const below = (command: Command): string[] => [
    ...command.options.flatMap(({ long }) => (long ? [long] : [])),
    ...command.commands.flatMap(below),
  ]
  return below(buildProgram(IDLE))
}

/** Each row of those tables of a page whose head matches. */
function rowsOf(page: string, head: RegExp): string[] {
  let isWanted = false
  return read(page)
    .split('\n')
    .flatMap((line, index, lines) => {
      if (!line.startsWith('|')) return []
      if (/^\|-/.test(lines[index + 1] ?? '')) isWanted = head.test(line)
      else if (isWanted && !line.startsWith('|-')) return [line]
      return []
    })
}

const codes = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map((match) => String(match[1]))
const sorted = (words: Iterable<string>) => [...new Set(words)].sort()

describe('the documentation says what the code does', () => {
  test('docs/settings.md is what `npm run docs` writes', () => {
    expect(read('docs/settings.md')).toBe(settingsPage())
  })

  test('flags and variables that any page names exist', () => {
    const ours = sorted(SETTINGS.flatMap(({ flag }) => [`--${flag}`, variableOf(flag)]))
    // Of npm, kubectl, linkerd and of commands beside the settings table.
    const others = [
      '--manual',
      '--dry-run',
      '--silent',
      '--no-install',
      '--build-sea',
      '--ignore-scripts',
      '--filename',
      '--namespace',
      '--help',
      '--with-injector',
      '--omit',
    ]
    const ofKubectl = [
      '--ignore-not-found',
      '--image',
      '--labels',
      '--annotations',
      '--type',
      '--as',
      '--from-literal',
      '--from-file',
      '--show-managed-fields',
    ]
    const named = pages.flatMap((page) =>
      codes(read(page)).flatMap((code) => code.match(/--[a-z][a-z-]+|\bLINKERD_TRACING_[A-Z_]+/g) ?? []),
    )
    const ofScripts = ['--openssl', '--admission-control-config-file', '--cert', '--key', '--runtime-config']
    const ofNode = ['--max-semi-space-size']
    const ofTests = ['LINKERD_TRACING_SHARED', 'LINKERD_TRACING_CHROMIUM']
    const known = [...ours, ...others, ...ofKubectl, ...ofScripts, ...ofNode, ...allFlags(), ...ofTests]
    expect(sorted(named).filter((name) => !known.includes(name))).toEqual([])
  })

  test('docs/inject.md lists the flags of inject that are not in the settings table', () => {
    const program = new Command()
    inject.register(program, IDLE)
    const fromTable = SETTINGS.map(({ flag }) => `--${flag}`)
    const own = (program.commands[0]?.options ?? [])
      .map(({ long, short }) => [long, short].filter((name) => name !== undefined && name !== null))
      .filter(([long]) => !fromTable.includes(String(long)))
    const listed = rowsOf('docs/inject.md', /\| flag \|/).map((row) => codes(row.split('|')[1] ?? ''))
    expect(listed.filter(([long]) => !fromTable.includes(String(long)))).toEqual(own)
  })

  test('the reasons of docs/decisions-on-pods.md are those of the code', () => {
    const rows = rowsOf('docs/decisions-on-pods.md', /^\| rule \|/)
    const reasons = rows.flatMap((row) => codes(row.split('|')[3] ?? ''))
    expect([...new Set(reasons)]).toEqual(Object.keys(SKIP_REASONS)) // in its order, too
    expect(read('README.md')).toMatch(/\bten\b/)
    expect(Object.keys(SKIP_REASONS)).toHaveLength(10)
  })

  test('the labels and annotations of docs/decisions-on-pods.md are those of the code', () => {
    const rows = rowsOf('docs/decisions-on-pods.md', /annotation, on Pod|written by|only read/)
    const listed = rows.flatMap((row) => codes(row.split('|')[1] ?? ''))
    expect(sorted(listed)).toEqual(sorted(Object.values(metadataNames)))
  })

  test('the metrics of docs/operations.md are those of the code', () => {
    const listed = rowsOf('docs/operations.md', /^\| metric \|/).flatMap((row) => codes(row.split('|')[1] ?? ''))
    expect(sorted(listed)).toEqual(sorted(Object.values(METRICS).map(({ name }) => name)))
    const named = pages.flatMap((page) => read(page).match(/\blinkerd_tracing_[a-z_]+/g) ?? [])
    const known = [...listed, ...Object.values(BRIDGE_METRICS).map(({ name }) => name)]
    expect(sorted(named).filter((name) => !known.includes(name))).toEqual([])
  })

  test('the labels of a metric are named beside it', () => {
    for (const row of rowsOf('docs/operations.md', /^\| metric \|/)) {
      const metric = Object.values(METRICS).find(({ name }) => row.includes(`\`${name}\``))
      expect(codes(row.split('|')[3] ?? '')).toEqual([...(metric?.labels ?? [])])
    }
  })
})

describe('what a reader can follow', () => {
  test.each(pages)('links of %s lead somewhere', (page) => {
    const dead = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)]
      .map((match) => String(match[1]))
      .filter((target) => !/^https?:/.test(target))
      .filter((target) => !leadsSomewhere(page, target))
    expect(dead).toEqual([])
  })

  test('every page is reached from README.md', () => {
    const reached = new Set(['README.md'])
    // A Set that grows is walked to its end.
    for (const page of reached) for (const linked of pagesLinkedFrom(page)) reached.add(linked)
    expect(pages.filter((page) => !reached.has(page))).toEqual([])
  })

  test('npm commands of the pages are scripts of package.json', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const commands = pages.flatMap((page) => [
      ...read(page).matchAll(/\bnpm (?:run (?:--silent )?([\w:-]+)|(test|start)\b)/g),
    ])
    const named = sorted(commands.map((match) => String(match[1] ?? match[2])))
    expect(named.filter((name) => !(name in scripts))).toEqual([])
    expect(named).toEqual(expect.arrayContaining(['start', 'test', 'try']))
  })

  test('files that scripts of package.json run exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const files = Object.values(scripts).flatMap((script) => script.match(/\bscripts\/[\w./-]+/g) ?? [])
    expect(sorted(files).filter((file) => !existsSync(join(root, file)))).toEqual([])
  })

  test('decisions are numbered without a gap', () => {
    const numbers = readdirSync(join(root, 'docs/decisions')).map((name) => Number(name.slice(0, 4)))
    expect(numbers.sort((a, b) => a - b)).toEqual(numbers.map((_number, index) => index + 1))
  })

  test('no page names a machine’s directories', () => {
    expect(pages.filter((page) => /(^|[\s`(])\/(home|work|tmp|Users|root)\//m.test(read(page)))).toEqual([])
  })
})

/** A link to a directory leads to all pages in it. */
function pagesLinkedFrom(page: string): string[] {
  const paths = [...read(page).matchAll(/\]\(([^)#\s:]+)/g)].map(([, target]) => join(dirname(page), String(target)))
  return pages.filter((candidate) => paths.includes(candidate) || paths.includes(dirname(candidate)))
}

function leadsSomewhere(page: string, target: string): boolean {
  const [file = '', anchor] = target.split('#')
  const path = file === '' ? page : join(dirname(page), file)
  if (!existsSync(join(root, path))) return false
  return anchor === undefined || headingsOf(path).includes(anchor)
}

function headingsOf(page: string): string[] {
  return [...read(page).matchAll(/^#+ (.+)$/gm)].map((match) =>
    String(match[1])
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  )
}
