import type { Coverage } from '../../../src/cli/pod-coverage/collect-coverage.ts'
import { noPods, type PodState, sumCounts } from '../../../src/cli/pod-coverage/pod-state.ts'
import type { WorkloadName } from '../../../src/cli/pod-coverage/workload.ts'
import { createCoverageGroups, type WorkloadCoverage } from '../../../src/cli/pod-coverage/workload-coverage.ts'
import { INSTALL } from '../../injection/samples.ts'

export interface MadeWorkload extends WorkloadName {
  /** How many Pods are in each state. */
  readonly pods: Readonly<Partial<Record<PodState, number>>>
  /** What is said of those that are not traced. */
  readonly sentence?: string
}

/** Takes workloads, gives what coverage there is of them; a Namespace with a Pod that is `out`, or of our own, is not opted in. */
export function madeCoverage(workloads: readonly MadeWorkload[], notes: readonly string[] = []): Coverage {
  const groups = createCoverageGroups()
  for (const workload of workloads) addPods(groups, workload)
  const byNamespace = Map.groupBy(groups.workloads(), ({ namespace }) => namespace)
  const namespaces = [...byNamespace].map(([name, own]) => namespaceOf(name, own))
  namespaces.sort((one, other) => (one.name < other.name ? -1 : 1))
  return {
    installation: { isInstalled: true, settings: INSTALL, notes: [] },
    namespaces,
    totals: sumCounts(namespaces.map(({ counts }) => counts)),
    notes,
  }
}

function addPods(groups: ReturnType<typeof createCoverageGroups>, { pods, sentence, ...name }: MadeWorkload): void {
  const sentences = sentence === undefined ? [] : [sentence]
  for (const [state, count] of Object.entries(pods) as [PodState, number][]) {
    for (let index = 0; index < count; index++) {
      const verdict = { state, sentences: state === 'traced' ? [] : sentences }
      groups.add(name, state === 'traced' ? { ...verdict, collector: 'linkerd-collector:4317' } : verdict)
    }
  }
}

function namespaceOf(name: string, workloads: readonly WorkloadCoverage[]): Coverage['namespaces'][number] {
  const counts = workloads.length === 0 ? noPods() : sumCounts(workloads.map((workload) => workload.counts))
  return {
    name,
    labels: {},
    annotations: {},
    isOptedIn: counts.out + counts['own-component'] === 0,
    optIn: {},
    counts,
    workloads,
  }
}
