import { workloadKey } from '../pod-coverage/workload.ts'
import { annotationFindings } from './annotation-findings.ts'
import { deadCollectorFindings } from './dead-collectors.ts'
import { jaegerFindings } from './jaeger-findings.ts'
import { knownFacts } from './known-facts.ts'
import type { MigrationFacts } from './migration-facts.ts'
import { type Finding, type MigrationPlan, PHASES, type Step } from './migration-plan.ts'
import { nativeFindings } from './native-findings.ts'
import { senderFindings } from './sender-findings.ts'

/** Takes the facts, gives what was found of other ways of tracing, and what to do about it, in order. Pure. */
export function planMigration(found: MigrationFacts): MigrationPlan {
  const facts = knownFacts(found)
  const findings = [
    ...jaegerFindings(facts),
    ...nativeFindings(facts),
    ...annotationFindings(facts),
    ...senderFindings(facts),
    ...deadCollectorFindings(facts),
  ]
  const steps = findings.flatMap((finding) => finding.steps)
  const needsInstall = !facts.isInstalled && steps.some(({ needs }) => needs.includes('installed'))
  return {
    findings: [...findings.map(({ sentence }) => sentence), ...(needsInstall ? [NOT_INSTALLED.sentence] : [])],
    steps: inOrder(withoutRepetition([...steps, ...(needsInstall ? NOT_INSTALLED.steps : [])])),
  }
}

const NOT_INSTALLED: Finding = {
  sentence: 'linkerd-tracing is not installed: what still traces stays until it is',
  steps: [
    {
      phase: 'install',
      title: 'install linkerd-tracing',
      needs: [],
      action: { do: 'by-hand', commands: ['linkerd-tracing install | kubectl apply -f -', 'linkerd-tracing check'] },
    },
  ],
}

/** A release is uninstalled once, whatever it owns; a workload whose template changes is made anew by that. */
function withoutRepetition(steps: readonly Step[]): Step[] {
  const rolled = new Set(steps.map(({ action }) => (action.do === 'change' ? rolloutKey(action.rollout) : undefined)))
  const titles = new Set<string>()
  return steps.filter(({ title, action }) => {
    if (titles.has(title) || (action.do === 'restart' && rolled.has(rolloutKey(action.workload)))) return false
    titles.add(title)
    return true
  })
}

function rolloutKey(workload: Parameters<typeof workloadKey>[0] | undefined): string | undefined {
  return workload === undefined ? undefined : workloadKey(workload)
}

/** Steps of one phase stay in the order in which they were found. */
function inOrder(steps: readonly Step[]): Step[] {
  return PHASES.flatMap((phase) => steps.filter((step) => step.phase === phase))
}
