import { decisionFault } from '../opt-in/await-decision.ts'
import { tryRestart } from '../opt-in/restart-workloads.ts'
import { type Coverage, collectCoverage } from '../pod-coverage/collect-coverage.ts'
import { shownWorkload } from '../pod-coverage/workload.ts'
import { doubtfulWorkloads } from './doubtful-workloads.ts'
import { gatherHealFacts } from './gather-heal-facts.ts'
import { type HealPlan, type HealStep, healPlan, type LeftWorkload, type MissedWorkload } from './heal-plan.ts'
import type { HealRun } from './heal-run.ts'
import { restartCommand } from './other-commands.ts'

export interface FoundMissed {
  readonly coverage: Coverage
  readonly plan: HealPlan
}

/**
 * Takes Namespaces (none: all), gives what is to be done about their Pods that were missed: every restart in it the API server
 * has judged, and nothing is changed. Throws a sentence when restarts would be for nothing.
 */
export async function findMissed(run: HealRun, namespaces: readonly string[] | undefined): Promise<FoundMissed> {
  const { view: cluster, linkerdNamespace, onProgress } = run
  const coverage = await collectCoverage({ cluster, linkerdNamespace, namespaces, onProgress })
  const { isInstalled, settings, notes } = coverage.installation
  // By other settings than those of the cluster nobody is restarted.
  if (!isInstalled || notes.length > 0) throw new Error(`${notes.join('; ')}; nothing was restarted`)
  const workloads = coverage.namespaces.flatMap((namespace) => namespace.workloads)
  const missed: MissedWorkload[] = []
  for (const workload of workloads.filter(({ counts }) => counts.missed > 0)) {
    onProgress(`reading ${shownWorkload(workload)} in ${workload.namespace}`)
    const facts = await gatherHealFacts(workload, { cluster, namespaces: coverage.namespaces, settings })
    missed.push({ facts, missed: workload.counts.missed })
  }
  const { steps, left } = healPlan(missed)
  await demandDecisions(run, steps)
  const tried = await tryAll(run, steps)
  return { coverage, plan: { steps: tried.steps, left: [...left, ...tried.left, ...doubtfulWorkloads(workloads)] } }
}

async function demandDecisions(run: HealRun, steps: readonly HealStep[]): Promise<void> {
  const { view: cluster, linkerdNamespace, timeoutMs, clock, onProgress } = run
  for (const namespace of new Set(steps.map(({ workload }) => workload.namespace))) {
    onProgress(`looking whether new Pods of ${namespace} would be traced`)
    const asked = { cluster, linkerdNamespace, namespace, action: 'enable', timeoutMs, clock } as const
    const fault = await decisionFault(asked)
    if (fault !== undefined) throw new Error(`${fault}; nothing was restarted`)
  }
}

/** What the API server refuses now it would refuse in the middle of it. */
async function tryAll(run: HealRun, steps: readonly HealStep[]): Promise<HealPlan> {
  const [good, left]: [HealStep[], LeftWorkload[]] = [[], []]
  for (const step of steps) {
    const { workload } = step
    run.onProgress(`trying ${shownWorkload(workload)} in ${workload.namespace}`)
    const refused = await tryRestart(workload, run).then(
      () => undefined,
      (error: Error) => error.message,
    )
    if (refused === undefined) good.push(step)
    else left.push({ workload, because: refused, command: restartCommand(workload) })
  }
  return { steps: good, left }
}
