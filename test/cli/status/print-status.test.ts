import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Coverage, NamespaceCoverage } from '../../../src/cli/pod-coverage/collect-coverage.ts'
import type { PodVerdict } from '../../../src/cli/pod-coverage/judge-pod.ts'
import { sumCounts } from '../../../src/cli/pod-coverage/pod-state.ts'
import { createCoverageGroups } from '../../../src/cli/pod-coverage/workload-coverage.ts'
import { printStatus } from '../../../src/cli/status/print-status.ts'
import { statusReport } from '../../../src/cli/status/status-report.ts'
import { INSTALL } from '../../injection/samples.ts'

const TIME = Date.parse('2026-11-28T09:00:12Z')
const OURS = 'linkerd-collector.linkerd-tracing.svc.cluster.local:4317'
type Row = readonly [kind: string, name: string, verdict: PodVerdict]

function namespace(
  parts: Partial<NamespaceCoverage> & { readonly name: string },
  rows: readonly Row[],
): NamespaceCoverage {
  const groups = createCoverageGroups()
  for (const [kind, name, verdict] of rows) {
    const group = ({ Deployment: 'apps', StatefulSet: 'apps', Job: 'batch' } as Record<string, string>)[kind] ?? ''
    groups.add({ namespace: parts.name, group, kind, name }, verdict)
  }
  const workloads = groups.workloads()
  const counts = sumCounts(workloads.map((workload) => workload.counts))
  return { isOptedIn: true, optIn: {}, labels: {}, annotations: {}, ...parts, workloads, counts }
}

function coverage(namespaces: readonly NamespaceCoverage[]): Coverage {
  const totals = sumCounts(namespaces.map(({ counts }) => counts))
  return { installation: { isInstalled: true, settings: INSTALL, notes: [] }, namespaces, totals, notes: ['a note'] }
}

const traced: PodVerdict = { state: 'traced', collector: OURS, sentences: [] }
const GOOD = coverage([
  namespace({ name: 'emojivoto', optIn: { from: TIME, until: TIME } }, [
    ['Deployment', 'web', traced],
    ['Deployment', 'web', traced],
  ]),
  namespace({ name: 'linkerd', optIn: { from: TIME } }, [['Deployment', 'linkerd-identity', traced]]),
  namespace({ name: 'kube-system', isOptedIn: false }, [
    ['Pod', 'dns', { state: 'out', reason: 'system-namespace', sentences: [] }],
  ]),
])
const BAD = coverage([
  namespace({ name: 'shop', optIn: { from: TIME - 60_000, until: TIME } }, [
    ['Deployment', 'web', traced],
    ['Deployment', 'web', { state: 'missed', sentences: [] }],
    ['StatefulSet', 'db', { state: 'waiting', sentences: [] }],
    [
      'Deployment',
      'old',
      { ...traced, sentences: ['its settings are of another time; a new Pod would send to "otel:4317" as "old"'] },
    ],
    ['Job', 'report', { state: 'untraced', sentences: [] }],
    [
      'Pod',
      'evil\u001b[31m',
      {
        state: 'invalid',
        reason: 'invalid-setting',
        sentences: ['invalid-setting: Pod annotation x "y" must be z', 'another\u001b[31m sentence'],
      },
    ],
    ['Pod', 'alone', { state: 'not-meshed', reason: 'not-meshed', sentences: [] }],
    ['Pod', 'shy', { state: 'opted-out', reason: 'opted-out', sentences: [] }],
    ['Pod', 'collector', { state: 'own-component', reason: 'own-component', sentences: [] }],
  ]),
  namespace({ name: 'left', isOptedIn: false }, [
    ['Deployment', 'old', { state: 'traced', collector: 'otel.obs:4317', sentences: [] }],
  ]),
  namespace({ name: 'other', isOptedIn: false }, []),
])

/** Written anew with UPDATE_GOLDEN=1. */
function expectGolden(file: string, text: string): void {
  const path = join(import.meta.dirname, 'golden', file)
  if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(path, text)
  expect(text).toBe(readFileSync(path, 'utf8'))
}

test.each([
  ['good.txt', GOOD, { hasColour: false, isDetailed: false }],
  ['bad.txt', BAD, { hasColour: false, isDetailed: false }],
  ['bad-detailed.txt', BAD, { hasColour: false, isDetailed: true }],
  ['nothing.txt', coverage([]), { hasColour: false, isDetailed: false }],
])('%s', (file, found, look) => {
  expectGolden(file, printStatus(found, look))
})

test('bad.json', () => {
  expectGolden('bad.json.txt', `${JSON.stringify(statusReport(BAD), null, 2)}\n`)
})

test('colours change nothing but colours', () => {
  const coloured = printStatus(BAD, { hasColour: true, isDetailed: true })
  expect(coloured).toContain('\u001b[31mmissed\u001b[0m')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(printStatus(BAD, { hasColour: false, isDetailed: true }))
})
