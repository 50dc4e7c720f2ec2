/** What became of a Pod, in the order in which tables show it. */
export const POD_STATES = [
  'traced',
  'waiting',
  'missed',
  'untraced',
  'invalid',
  'not-meshed',
  'opted-out',
  'own-component',
  'out',
] as const
export type PodState = (typeof POD_STATES)[number]

/** What each state means, as the end of a sentence that begins with the Pod. */
export const STATE_SENTENCES: Readonly<Record<PodState, string>> = {
  traced: 'its proxy has trace settings',
  waiting: 'it is older than the opt-in, and is traced once it is restarted',
  missed: 'it is younger than the opt-in, and came through without trace settings: the injector did not answer',
  untraced: 'it should be traced; when its Namespace was opted in is not known exactly enough to say why it is not',
  invalid: 'its settings are such that it cannot be traced',
  'not-meshed': 'it has no proxy of Linkerd',
  'opted-out': 'it says tracing.linkerd.io/inject: disabled',
  'own-component': 'it is a part of tracing itself',
  out: 'its Namespace is not opted in',
}

/** The states of Pods that a restart turns into traced ones. */
export const RESTARTABLE_STATES: readonly PodState[] = ['waiting', 'missed', 'untraced']

/** The states of Pods that should be traced and are not. */
export const FAULTY_STATES: readonly PodState[] = [...RESTARTABLE_STATES, 'invalid']

/** How many Pods are in each state. */
export type PodCounts = Readonly<Record<PodState, number>>

/** Gives counts of nothing. */
export function noPods(): Record<PodState, number> {
  return Object.fromEntries(POD_STATES.map((state) => [state, 0])) as Record<PodState, number>
}

/** Takes counts, gives their sum, state by state. Pure. */
export function sumCounts(all: readonly PodCounts[]): PodCounts {
  const sum = noPods()
  for (const counts of all) for (const state of POD_STATES) sum[state] += counts[state]
  return sum
}

/** Takes counts and states, gives how many Pods are in one of them. Pure. */
export function countOf(counts: PodCounts, states: readonly PodState[] = POD_STATES): number {
  return states.reduce((sum, state) => sum + counts[state], 0)
}

/**
 * Takes Namespaces, gives how many in a hundred of the Pods that should be traced are: those of Namespaces that are opted in,
 * but for the ones without a proxy, that opted out, or that are our own. Pure.
 */
export function coverageOfAll(
  namespaces: readonly { readonly isOptedIn: boolean; readonly counts: PodCounts }[],
): number | undefined {
  return coverageOf(sumCounts(namespaces.filter(({ isOptedIn }) => isOptedIn).map(({ counts }) => counts)))
}

/**
 * Takes counts, gives how many in a hundred of the Pods that should be traced are, rounded down: 100 means all of them.
 * Undefined where none should be. Pure.
 */
export function coverageOf(counts: PodCounts): number | undefined {
  const all = counts.traced + countOf(counts, FAULTY_STATES)
  return all === 0 ? undefined : Math.floor((counts.traced * 100) / all)
}
