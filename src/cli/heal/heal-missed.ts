import { decisionFault } from '../opt-in/await-decision.ts'
import { restartWorkload } from '../opt-in/restart-workloads.ts'
import { FAULTY_STATES } from '../pod-coverage/pod-state.ts'
import { shownWorkload, type WorkloadName } from '../pod-coverage/workload.ts'
import type { FoundMissed } from './find-missed.ts'
import { gatherHealFacts } from './gather-heal-facts.ts'
import type { HealFacts } from './heal-facts.ts'
import { healGate } from './heal-gate.ts'
import type { HealRun } from './heal-run.ts'
import { type Healing, healWorkloads } from './heal-workloads.ts'
import { sentenceOf } from './sentence-of.ts'

export interface HealMissed extends HealRun {
  readonly onHealed: (workload: WorkloadName, ms: number) => void
}

/** Takes what was found, does what its plan says, in the cluster. */
export function healMissed({ coverage, plan }: FoundMissed, run: HealMissed): Promise<Healing> {
  const { view, changes, linkerdNamespace, states, timeoutMs, clock, onProgress, onHealed } = run
  const { namespaces, installation } = coverage
  const { settings } = installation
  const factsOf = (workload: WorkloadName) =>
    gatherHealFacts(workload, { cluster: view.renew(), namespaces, settings, states })
  const restart = async (workload: WorkloadName) => {
    const fault = await restartWorkload(workload, { cluster: view, changes, timeoutMs, clock, onProgress })
    return fault ?? untracedFault(await factsOf(workload))
  }
  return healWorkloads(
    plan.steps.map(({ workload }) => workload),
    {
      foresee: ({ namespace }) => {
        const asked = { linkerdNamespace, namespace, action: 'enable', timeoutMs, clock } as const
        return sentenceOf(decisionFault({ ...asked, cluster: view.renew() }))
      },
      look: async (workload) => healGate(await factsOf(workload)),
      restart: async (workload) => {
        const start = clock.now()
        const fault = await sentenceOf(restart(workload))
        if (fault === undefined) onHealed(workload, clock.now() - start)
        return fault
      },
      clock,
      patienceMs: timeoutMs,
      onProgress: (workload, text) => onProgress(`${shownWorkload(workload)} in ${workload.namespace} ${text}`),
    },
  )
}

function untracedFault({ workload, pods }: HealFacts): string | undefined {
  const untraced = pods.filter(({ state }) => FAULTY_STATES.includes(state)).length
  if (untraced === 0) return undefined
  const place = `${shownWorkload(workload)} -n ${workload.namespace}`
  return `it was restarted, and ${untraced} of its ${pods.length} Pods are still not traced: linkerd-tracing explain ${place}`
}
