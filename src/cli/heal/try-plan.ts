import { decisionFault } from '../opt-in/await-decision.ts'
import { tryRestart } from '../opt-in/restart-workloads.ts'
import { placeOf } from '../pod-coverage/workload.ts'
import type { HealPlan, HealStep, LeftWorkload } from './heal-plan.ts'
import type { HealRun } from './heal-run.ts'
import { restartCommand } from './other-commands.ts'
import { sentenceOf } from './sentence-of.ts'

/**
 * Takes the steps of a plan, tries each on the API server, which keeps nothing of it, gives those that it would let through,
 * and the others with its reason. Throws a sentence when no new Pod would be traced anywhere: then all would be for nothing.
 */
export async function tryPlan(run: HealRun, steps: readonly HealStep[]): Promise<HealPlan> {
  const faults = await decisionFaults(run, steps)
  const [first] = faults.values()
  if (first !== undefined && steps.every(({ workload }) => faults.has(workload.namespace)))
    throw new Error(`${first}; nothing was restarted`)
  const [good, left]: [HealStep[], LeftWorkload[]] = [[], []]
  for (const step of steps) {
    const { workload } = step
    run.onProgress(`trying ${placeOf(workload)}`)
    // What is refused now would be refused in the middle of it.
    const because = faults.get(workload.namespace) ?? (await sentenceOf(tryRestart(workload, run)))
    if (because === undefined) good.push(step)
    else left.push({ workload, because, command: restartCommand(workload) })
  }
  return { steps: good, left }
}

/** By Namespace: why new Pods of it would not be traced. All of them are waited for together no longer than one. */
async function decisionFaults(run: HealRun, steps: readonly HealStep[]): Promise<ReadonlyMap<string, string>> {
  const { view: cluster, linkerdNamespace, timeoutMs, clock, onProgress } = run
  const deadline = clock.now() + Math.min(timeoutMs, PATIENCE_MS)
  const faults = new Map<string, string>()
  for (const namespace of new Set(steps.map(({ workload }) => workload.namespace))) {
    onProgress(`looking whether new Pods of ${namespace} would be traced`)
    const patienceMs = Math.max(0, deadline - clock.now())
    const asked = { cluster, linkerdNamespace, namespace, action: 'enable', timeoutMs: patienceMs, clock } as const
    const fault = await sentenceOf(decisionFault(asked))
    if (fault !== undefined) faults.set(namespace, fault)
  }
  return faults
}

/** An injector that has just started needs some seconds; one that is away stays away. */
const PATIENCE_MS = 30_000
