import { placeOf, shownWorkload, type WorkloadName } from '../pod-coverage/workload.ts'
import { printable } from '../printable.ts'
import { alignColumns, type Cell } from '../status/columns.ts'
import type { HealPlan, HealStep, LeftWorkload } from './heal-plan.ts'

/** Takes a plan, gives it as a table for a person, and what is left below it. Pure. */
export function printHealPlan({ steps, left }: HealPlan, isDryRun: boolean): string {
  const blocks = [
    ...(steps.length === 0 ? ['No workload is to be restarted.'] : [stepsBlock(steps, isDryRun)]),
    ...(left.length === 0 ? [] : [leftBlock(left)]),
  ]
  return `${blocks.join('\n\n')}\n`
}

/** Takes what is left as it was, gives it with the commands for who has thought about it. Pure. */
export function leftBlock(left: readonly LeftWorkload[]): string {
  const lines = left.flatMap(({ workload, because, command }) => [
    `  ${describedWorkload(workload)}: ${printable(because)}`,
    ...(command === undefined ? [] : [`    ${printable(command)}`]),
  ])
  return ['Not restarted:', ...lines].join('\n')
}

/** Takes a workload, gives its kind, name and Namespace for a sentence. Pure. */
export function describedWorkload(workload: WorkloadName): string {
  return printable(placeOf(workload))
}

const HEAD = ['NAMESPACE', 'WORKLOAD', 'NOT TRACED', 'AWAY AT A TIME', 'NOW'].map((text) => ({ text }))

function stepsBlock(steps: readonly HealStep[], isDryRun: boolean): string {
  const lines = alignColumns([HEAD, ...steps.map(stepRow)], false)
  const title = `${isDryRun ? 'Would be' : 'To be'} restarted one at a time, in this order:`
  return [title, '', ...lines.map((line) => line.trimEnd())].join('\n')
}

function stepRow({ workload, untraced, away, all, waitsFor }: HealStep): Cell[] {
  return [
    { text: workload.namespace },
    { text: printable(shownWorkload(workload)) },
    { text: String(untraced) },
    { text: `${away} of ${all}` },
    { text: waitsFor === undefined ? 'can be restarted' : `waits: ${printable(waitsFor)}` },
  ]
}
