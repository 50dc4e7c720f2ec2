import { ApiError } from '../../kubernetes/api-error.ts'
import { decisionFault } from '../opt-in/await-decision.ts'
import { type RestartParts, restartPatch, restartWorkload } from '../opt-in/restart-workloads.ts'
import { FAULTY_STATES } from '../pod-coverage/pod-state.ts'
import { placeOf, shownWorkload, type WorkloadName } from '../pod-coverage/workload.ts'
import type { FoundMissed } from './find-missed.ts'
import { gatherHealFacts } from './gather-heal-facts.ts'
import type { HealFacts } from './heal-facts.ts'
import { healGate, type OpenGate } from './heal-gate.ts'
import type { HealRun } from './heal-run.ts'
import { type Failure, type Healing, type HealTurn, healWorkloads } from './heal-workloads.ts'
import { refusalSentence, sentenceOf } from './sentence-of.ts'

export interface HealMissed extends HealRun, Pick<RestartParts, 'onGoing'> {
  readonly onHealed: (workload: WorkloadName, ms: number) => void
}

/** Takes what was found, does what its plan says, in the cluster. */
export function healMissed({ coverage, plan }: FoundMissed, run: HealMissed): Promise<Healing> {
  const { view, changes, linkerdNamespace, states, timeoutMs, clock, onProgress, onHealed, onGoing } = run
  const { namespaces, installation } = coverage
  const { settings } = installation
  const factsOf = (workload: WorkloadName) =>
    gatherHealFacts(workload, { cluster: view.renew(), namespaces, settings, states })
  const restart = async (workload: WorkloadName, { version }: OpenGate): Promise<HealTurn> => {
    const start = clock.now()
    const merge = restartPatch(version)
    const parts = { cluster: view, changes, timeoutMs, clock, onProgress, onGoing, merge }
    const fault = await restartWorkload(workload, parts)
    if (fault !== undefined) return { state: 'failed', because: fault }
    const turn = turnAfter(await factsOf(workload))
    if (turn.state === 'restarted') onHealed(workload, clock.now() - start)
    return turn
  }
  return healWorkloads(
    plan.steps.map(({ workload }) => workload),
    {
      foresee: ({ namespace }) => {
        const asked = { linkerdNamespace, namespace, action: 'enable', timeoutMs, clock } as const
        return sentenceOf(decisionFault({ ...asked, cluster: view.renew() }))
      },
      look: (workload) => factsOf(workload).then(healGate).catch(failure),
      restart: (workload, seen) =>
        restart(workload, seen).catch((error) => (isConflict(error) ? CHANGED : failure(error))),
      clock,
      patienceMs: timeoutMs,
      onProgress: (workload, text) => onProgress(`${placeOf(workload)} ${text}`),
    },
  )
}

function turnAfter({ workload, object, pods }: HealFacts): HealTurn {
  // Deleted meanwhile: there is nothing to say of it any more.
  if (object === undefined) return { state: 'healed' }
  const untraced = pods.filter(({ state }) => FAULTY_STATES.includes(state)).length
  if (untraced === 0) return { state: 'restarted' }
  const place = `${shownWorkload(workload)} -n ${workload.namespace}`
  const count = `${untraced} of its ${pods.length} Pods are still not traced`
  return { state: 'failed', because: `it was restarted, and ${count}: linkerd-tracing explain ${place}` }
}

/** Somebody else has begun a rollout, or a Pod of it has fallen ill: what was seen of it counts no more. */
function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.status === 409
}

const CHANGED: HealTurn = { state: 'waits', because: 'it has changed since it was looked at' }

function failure(error: unknown): Failure {
  return { state: 'failed', because: refusalSentence(error) }
}
