import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { OVERLAYS } from '../scripts/manifests/overlays.ts'
import { parseCollectorAddress } from '../src/injection/collector-address.ts'
import { parseLinkerdVersion, protocolsOf } from '../src/injection/linkerd-version.ts'
import { namespaceOfHost } from '../src/injection/mesh-identity.ts'
import { POD_ATTRIBUTES, RESERVED_ATTRIBUTES } from '../src/injection/pod-attributes.ts'
import { SKIP_REASONS } from '../src/injection/skip-reason.ts'
import { MAX_ATTRIBUTE_BYTES, MAX_ATTRIBUTES_BYTES, MAX_SERVICE_NAME_BYTES } from '../src/injection/text-limits.ts'
import { TRACE_VARIABLES } from '../src/injection/trace-variables.ts'
import { ENTRIES, MARK_CONFIGURATION, TRACE_CONFIGURATION } from '../src/install/object-names.ts'
import { inject } from './cli/inject/inject-streams.ts'
import { root } from './source-files.ts'

// The tables that a reader acts on, held against the code that they tell about.

const read = (path: string) => readFileSync(join(root, path), 'utf8')
const codes = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map((match) => String(match[1]))

/** The cells of each row of the table whose head begins with these cells. */
function table(page: string, ...head: string[]): string[][] {
  const lines = read(page).split('\n')
  const start = lines.findIndex((line) => line.startsWith(`| ${head.join(' | ')} |`))
  expect(start, `table ${head} of ${page}`).toBeGreaterThan(-1)
  const rows = lines.slice(start + 2)
  const end = rows.findIndex((line) => !line.startsWith('|'))
  return rows.slice(0, end === -1 ? undefined : end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

const column = (rows: string[][], index: number) => rows.flatMap((row) => codes(row[index] ?? ''))
const firstOf = (rows: string[][]) => rows.flatMap((row) => codes(row[0] ?? '').slice(0, 1))

describe('docs/what-a-pod-gets.md', () => {
  const page = 'docs/what-a-pod-gets.md'

  test('lists the variables, in the order in which they are written', () => {
    expect(firstOf(table(page, 'variable of the proxy', 'value'))).toEqual(Object.values(TRACE_VARIABLES))
  })

  test('lists the reserved attributes, and where their values come from', () => {
    const rows = table(page, 'attribute', 'value', 'from')
    expect(firstOf(rows).sort()).toEqual([...RESERVED_ATTRIBUTES].sort())
    const variables = POD_ATTRIBUTES.map(([key, variable]) => `\`${key}\` | \`$(${variable})\``)
    expect(rows.map(([key, value]) => `${key} | ${value}`)).toEqual(expect.arrayContaining(variables))
  })

  test('names the limits', () => {
    const limits = table(page, 'what comes from annotations or labels', 'limit').map((row) => row[1])
    const kib = (bytes: number) => `${bytes / 1024} KiB`
    expect(limits.slice(0, 3)).toEqual([
      `${MAX_SERVICE_NAME_BYTES} bytes`,
      kib(MAX_ATTRIBUTE_BYTES),
      kib(MAX_ATTRIBUTES_BYTES),
    ])
  })

  test('shows what inject really adds to the sample', async () => {
    const before = read('samples/web.yaml').split('\n')
    const { stdout } = await inject({}, read('samples/web.yaml'))
    const shown = (/```diff\n([\s\S]*?)```/.exec(read(page))?.[1] ?? '').trimEnd().split('\n')
    const added = shown.filter((line) => line.startsWith('+')).map((line) => line.slice(1))
    const kept = shown.filter((line) => line.startsWith(' ')).map((line) => line.slice(1))
    expect(kept.filter((line) => !before.includes(line))).toEqual([])
    // each added line once, in order: what is left of the output is the sample as it was
    const left = stdout.split('\n')
    let from = 0
    for (const line of added) {
      from = left.indexOf(line, from)
      expect(from, line).toBeGreaterThan(-1)
      left.splice(from, 1)
    }
    expect(left).toEqual(before)
  })
})

describe('docs/collector-and-protocol.md', () => {
  const page = 'docs/collector-and-protocol.md'

  test('says which versions speak what', () => {
    const rows = table(page, 'version as its image says', 'OpenCensus only', 'both', 'OTLP (OpenTelemetry) only')
    const spoken = (text: string) => {
      const version = parseLinkerdVersion(text)
      expect(version, text).toBeDefined()
      return protocolsOf(version)
    }
    for (const version of column(rows, 2)) expect(spoken(version), version).toHaveLength(2)
    for (const version of column(rows, 3)) expect(spoken(version), version).toEqual(['opentelemetry'])
    for (const before of ['edge-24.9.9', 'version-2.16', 'stable-2.7.1', 'v2.255.0']) {
      expect(spoken(before), before).toEqual(['opencensus'])
    }
  })

  test('says which addresses are taken', () => {
    for (const [cell = '', verdict] of table(page, 'address', 'verdict', 'why')) {
      const address = parseCollectorAddress(codes(cell)[0] ?? '')
      const real = 'rule' in address ? 'refused' : address.loopback ? 'loopback' : 'taken'
      expect(verdict, cell).toBe(real)
    }
  })

  test('says in which namespace a host lies', () => {
    for (const [cell = '', said = ''] of table(page, 'host of the address', 'namespace')) {
      const address = parseCollectorAddress(`${codes(cell)[0]}:4317`)
      if ('rule' in address) throw new Error(address.rule)
      const real = namespaceOfHost(address, { podNamespace: 'the Pod’s own', clusterDomain: 'cluster.local' })
      expect(codes(said)[0] ?? said, cell).toBe(real ?? 'none')
    }
  })
})

describe('docs/decisions-on-pods.md', () => {
  test('says what to do about each reason', () => {
    const rows = table('docs/decisions-on-pods.md', 'reason', 'what it means', 'what to do')
    expect(firstOf(rows)).toEqual(Object.keys(SKIP_REASONS))
    expect(rows.filter((row) => row.some((cell) => cell === ''))).toEqual([])
  })
})

describe('docs/cluster.md', () => {
  const page = 'docs/cluster.md'

  test('lists configurations and entries', () => {
    const rows = table(page, 'configuration', 'entry')
    expect(column(rows, 1)).toEqual([ENTRIES.mark, ENTRIES.forward, ENTRIES.controlPlane, ENTRIES.workloads])
    expect([...new Set(column(rows, 0))]).toEqual([MARK_CONFIGURATION, TRACE_CONFIGURATION])
  })

  test('lists the overlays of manifests', () => {
    const rows = table(page, 'overlay')
    expect(firstOf(rows)).toEqual(OVERLAYS.map(({ name }) => name))
  })
})
