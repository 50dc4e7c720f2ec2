import { type Coverage, collectCoverage } from '../pod-coverage/collect-coverage.ts'
import { isRolled, restartAdvice, untracedWorkloads } from '../pod-coverage/restart-advice.ts'
import { placeOf } from '../pod-coverage/workload.ts'
import type { WorkloadCoverage } from '../pod-coverage/workload-coverage.ts'
import { awaitDecision } from './await-decision.ts'
import type { OptInAction, OptInTarget } from './label-change.ts'
import type { OptInRun } from './opt-in-run.ts'
import { restartWorkloads } from './restart-workloads.ts'

/**
 * Takes Namespaces whose labels are as they should be, restarts the workloads whose Pods are not, or tells how. Gives the
 * exit code: 1 when Pods that were made anew are still not as they should be.
 */
export async function restartOptedIn(run: OptInRun, targets: readonly OptInTarget[]): Promise<number> {
  const { action, flags, tell } = run
  const wrong = await wrongWorkloads(run, targets)
  if (flags.restart !== true) {
    tellHow(run, wrong)
    return 0
  }
  const rolled = wrong.filter(isRolled)
  if (flags.dryRun === true) {
    for (const workload of rolled) tell(`${placeOf(workload)} would be restarted (dry run)`)
    return 0
  }
  await restartAll(run, rolled)
  for (const sentence of restartAdvice(wrong).sentences) run.warn(`not restarted: ${sentence}`)
  const left = (await wrongWorkloads(run, targets)).filter(isRolled)
  for (const workload of left) run.warn(`${placeOf(workload)} ${LEFT[action]}`)
  return left.length === 0 ? 0 : 1
}

const LEFT: Readonly<Record<OptInAction, string>> = {
  enable: 'still has Pods that are not traced: linkerd-tracing status tells why',
  disable: 'still has Pods that are traced: Linkerd’s own settings may do that',
}

/** The workloads with Pods that are not as the labels say. */
async function wrongWorkloads(run: OptInRun, targets: readonly OptInTarget[]): Promise<WorkloadCoverage[]> {
  const { action, view, flags, onProgress } = run
  const coverage = await collectCoverage({
    cluster: view.renew(),
    linkerdNamespace: flags.linkerdNamespace,
    namespaces: targets.map(({ name }) => name),
    onProgress,
    // What was only tried is not there to be read.
    ...(flags.dryRun === true && { assumedLabel: `${action}d` as const }),
  })
  return action === 'enable' ? untracedWorkloads(workloadsOf(coverage)) : tracedWorkloads(coverage)
}

function workloadsOf({ namespaces }: Coverage): WorkloadCoverage[] {
  return namespaces.flatMap(({ workloads }) => workloads)
}

function tracedWorkloads(coverage: Coverage): WorkloadCoverage[] {
  return workloadsOf(coverage).filter(({ counts }) => counts.traced > 0)
}

function tellHow({ action, tell }: OptInRun, wrong: readonly WorkloadCoverage[]): void {
  const { commands, sentences } = restartAdvice(wrong)
  if (commands.length > 0) {
    tell(action === 'enable' ? 'Pods are traced once they are made anew:' : 'Pods are traced until they are made anew:')
    for (const command of commands) tell(`  ${command}`)
  }
  for (const sentence of sentences) tell(`  ${sentence}`)
}

async function restartAll(run: OptInRun, workloads: readonly WorkloadCoverage[]): Promise<void> {
  const { view: cluster, changes, timeoutMs, clock, action, flags, tell, onProgress, onRestarting } = run
  const { linkerdNamespace } = flags
  onRestarting({ going: undefined, left: workloads })
  for (const namespace of new Set(workloads.map((workload) => workload.namespace))) {
    onProgress(`waiting until new Pods of ${namespace} are decided by its label`)
    await awaitDecision({ cluster, linkerdNamespace, namespace, action, timeoutMs, clock })
  }
  await restartWorkloads(workloads, { cluster, changes, timeoutMs, clock, onDone: tell, onProgress, onRestarting })
}
