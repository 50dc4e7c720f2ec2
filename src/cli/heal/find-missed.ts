import { type Coverage, collectCoverage } from '../pod-coverage/collect-coverage.ts'
import { countOf } from '../pod-coverage/pod-state.ts'
import { placeOf } from '../pod-coverage/workload.ts'
import { doubtfulWorkloads } from './doubtful-workloads.ts'
import { gatherHealFacts } from './gather-heal-facts.ts'
import { type HealPlan, healPlan, type MissedWorkload } from './heal-plan.ts'
import type { HealRun } from './heal-run.ts'
import { tryPlan } from './try-plan.ts'

export interface FoundMissed {
  readonly coverage: Coverage
  readonly plan: HealPlan
}

/**
 * Takes Namespaces (none: all), gives what is to be done about their Pods that were missed: every restart in it the API server
 * has judged, and nothing is changed. Throws a sentence when all restarts would be for nothing.
 */
export async function findMissed(run: HealRun, namespaces: readonly string[] | undefined): Promise<FoundMissed> {
  const { view: cluster, linkerdNamespace, states, onProgress } = run
  const coverage = await collectCoverage({ cluster, linkerdNamespace, namespaces, onProgress })
  const { isInstalled, settings, notes } = coverage.installation
  // By other settings than those of the cluster nobody is restarted.
  if (!isInstalled || notes.length > 0) throw new Error(`${notes.join('; ')}; nothing was restarted`)
  const workloads = coverage.namespaces.flatMap((namespace) => namespace.workloads)
  const missed: MissedWorkload[] = []
  for (const workload of workloads.filter(({ counts }) => countOf(counts, states) > 0)) {
    onProgress(`reading ${placeOf(workload)}`)
    const facts = await gatherHealFacts(workload, { cluster, namespaces: coverage.namespaces, settings, states })
    missed.push({ facts, untraced: countOf(workload.counts, states) })
  }
  const planned = healPlan(missed)
  const tried = await tryPlan(run, planned.steps)
  const left = [...planned.left, ...tried.left, ...doubtfulWorkloads(workloads, states)]
  return { coverage, plan: { steps: tried.steps, left } }
}
