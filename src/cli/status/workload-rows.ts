import { SKIP_REASONS } from '../../injection/skip-reason.ts'
import type { NamespaceCoverage } from '../pod-coverage/collect-coverage.ts'
import { FAULTY_STATES, POD_STATES, type PodState, STATE_SENTENCES } from '../pod-coverage/pod-state.ts'
import { shownWorkload } from '../pod-coverage/workload.ts'
import type { Finding, WorkloadCoverage } from '../pod-coverage/workload-coverage.ts'
import { printable } from '../printable.ts'
import type { Cell } from './columns.ts'

/** Takes Namespaces, gives a row for each state that Pods of a workload are in: of all states, or of those that are wrong. Pure. */
export function workloadRows(namespaces: readonly NamespaceCoverage[], isDetailed: boolean): Cell[][] {
  return namespaces.flatMap(({ workloads }) =>
    workloads.flatMap((workload) =>
      POD_STATES.filter((state) => workload.counts[state] > 0 && (isDetailed || isToBeSeen(workload, state))).flatMap(
        (state) => stateRows(workload, state),
      ),
    ),
  )
}

/** Of traced Pods only those are, whose settings are of another time. */
function isToBeSeen({ findings }: WorkloadCoverage, state: PodState): boolean {
  return FAULTY_STATES.includes(state) || (state === 'traced' && findings.some((finding) => finding.state === state))
}

/** What there is to say beyond the first sentence stands below it. */
function stateRows(workload: WorkloadCoverage, state: PodState): Cell[][] {
  const [first = '', ...more] = stateSentences(workload, state).map(printable)
  return [
    [
      { text: workload.namespace },
      { text: printable(shownWorkload(workload)) },
      { text: String(workload.counts[state]) },
      { text: state, ...colourOf(state) },
      { text: first },
    ],
    ...more.map((text) => [{ text: '' }, { text: '' }, { text: '' }, { text: '' }, { text }]),
  ]
}

/** Takes a workload and a state that Pods of it are in, gives what there is to say of these. Pure. */
export function stateSentences({ collectors, findings }: WorkloadCoverage, state: PodState): string[] {
  const found = findings.filter((finding) => finding.state === state)
  const told = [...new Set(found.flatMap(({ sentences }) => sentences))]
  if (state === 'traced') return [...collectors.map((collector) => `spans go to ${collector}`), ...told]
  // Of an invalid setting only the sentence says which one it is; all else is said by the state, or by the reason.
  return state === 'invalid' && told.length > 0 ? told : [...new Set(found.map(reasonSentence)), ...told]
}

function reasonSentence({ state, reason }: Finding): string {
  return reason === undefined ? STATE_SENTENCES[state] : `${reason}: ${SKIP_REASONS[reason]}`
}

const [GREEN, YELLOW, RED] = [32, 33, 31]
const COLOURS: Readonly<Partial<Record<PodState, number>>> = {
  traced: GREEN,
  waiting: YELLOW,
  untraced: YELLOW,
  missed: RED,
  invalid: RED,
}

function colourOf(state: PodState): { readonly colour?: number } {
  const colour = COLOURS[state]
  return colour === undefined ? {} : { colour }
}
