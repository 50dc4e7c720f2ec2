import type { Coverage, NamespaceCoverage } from '../pod-coverage/collect-coverage.ts'
import { coverageOfAll, type PodCounts, type PodState } from '../pod-coverage/pod-state.ts'
import { outdatedWorkloads, restartAdvice, untracedWorkloads } from '../pod-coverage/restart-advice.ts'
import type { WorkloadCoverage } from '../pod-coverage/workload-coverage.ts'
import { alignColumns, type Cell } from './columns.ts'
import { isoTime } from './status-report.ts'
import { workloadRows } from './workload-rows.ts'

export interface StatusLook {
  readonly hasColour: boolean
  /** Every workload is listed, not only those that are not as they should be. */
  readonly isDetailed: boolean
}

/** Takes what was found, gives it as tables for a person. Pure. */
export function printStatus(coverage: Coverage, look: StatusLook): string {
  const { namespaces } = coverage
  const shown = look.isDetailed ? namespaces : namespaces.filter(isOfInterest)
  const rest = namespaces.length - shown.length
  const rows = workloadRows(shown, look.isDetailed)
  const blocks = [
    alignColumns([HEAD, ...shown.map(namespaceRow), totalRow(coverage)], look.hasColour),
    ...(rest === 0 ? [] : [[`${rest} ${rest === 1 ? 'Namespace is' : 'Namespaces are'} not opted in, and not shown`]]),
    ...(rows.length === 0 ? [] : [alignColumns([WORKLOADS_HEAD, ...rows], look.hasColour)]),
    ...adviceBlocks(coverage),
  ]
  return `${blocks.map((lines) => lines.map((line) => line.trimEnd()).join('\n')).join('\n\n')}\n`
}

function isOfInterest({ isOptedIn, counts }: NamespaceCoverage): boolean {
  return isOptedIn || counts.traced + counts.invalid > 0
}

const COLUMNS: readonly (readonly [string, PodState])[] = [
  ['TRACED', 'traced'],
  ['WAITING', 'waiting'],
  ['MISSED', 'missed'],
  ['UNTRACED', 'untraced'],
  ['INVALID', 'invalid'],
  ['NOT MESHED', 'not-meshed'],
  ['OPTED OUT', 'opted-out'],
]
const HEAD: readonly Cell[] = cells('NAMESPACE', 'OPTED IN', ...COLUMNS.map(([head]) => head), 'COVERAGE')
const WORKLOADS_HEAD: readonly Cell[] = cells('NAMESPACE', 'WORKLOAD', 'PODS', 'STATE', 'WHAT')

function namespaceRow(namespace: NamespaceCoverage): Cell[] {
  return [
    { text: namespace.name },
    { text: optedIn(namespace) },
    ...countCells(namespace.counts),
    coverageCell([namespace]),
  ]
}

function totalRow({ totals, namespaces }: Coverage): Cell[] {
  return [{ text: 'TOTAL' }, { text: '' }, ...countCells(totals), coverageCell(namespaces)]
}

/** Takes a Namespace, gives whether it is opted in, and since when as far as that is known. Pure. */
export function optedIn({ isOptedIn, optIn: { from, until } }: NamespaceCoverage): string {
  if (!isOptedIn) return 'no'
  if (until === undefined) return 'yes'
  return from === until ? isoTime(until) : `by ${isoTime(until)}`
}

function countCells(counts: PodCounts): Cell[] {
  return COLUMNS.map(([, state]) => ({ text: String(counts[state]) }))
}

function coverageCell(namespaces: readonly NamespaceCoverage[]): Cell {
  const coverage = coverageOfAll(namespaces)
  return coverage === undefined ? { text: '-' } : { text: `${coverage}%`, colour: coverageColour(coverage) }
}

const [GREEN, YELLOW, RED] = [32, 33, 31]

function coverageColour(coverage: number): number {
  if (coverage === 100) return GREEN
  return coverage === 0 ? RED : YELLOW
}

function adviceBlocks({ namespaces, totals }: Coverage): string[][] {
  const workloads = namespaces.flatMap((namespace) => namespace.workloads)
  return [
    ...restartBlocks('To have them traced', untracedWorkloads(workloads)),
    ...(totals.missed === 0 ? [] : [[HEAL]]),
    ...restartBlocks('To have them traced by the settings of today', outdatedWorkloads(workloads)),
  ]
}

const HEAL =
  'What was missed is restarted one at a time, and within disruption budgets, by: linkerd-tracing status --heal'

function restartBlocks(purpose: string, workloads: readonly WorkloadCoverage[]): string[][] {
  const { commands, sentences } = restartAdvice(workloads)
  return [
    ...(commands.length === 0 ? [] : [[`${purpose}, restart them:`, ...commands.map((line) => `  ${line}`)]]),
    ...(sentences.length === 0 ? [] : [['What kubectl cannot restart:', ...sentences.map((line) => `  ${line}`)]]),
  ]
}

function cells(...texts: readonly string[]): Cell[] {
  return texts.map((text) => ({ text }))
}
