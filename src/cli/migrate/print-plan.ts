import { printable } from '../printable.ts'
import { alignColumns, type Cell } from '../status/columns.ts'
import type { MigrationPlan, Step } from './migration-plan.ts'
import { turnOf } from './step-turn.ts'

/** Takes a plan, gives it as text for a person. Pure. */
export function printPlan({ findings, steps }: MigrationPlan): string {
  if (findings.length === 0) return 'nothing of another way of tracing is left: there is nothing to migrate\n'
  const rows = steps.flatMap((step, index) => stepRows(step, index + 1))
  const blocks = [
    ['Found:', ...findings.map((sentence) => `  ${printable(sentence)}`)],
    ...(rows.length === 0 ? [] : [['Steps:', ...alignColumns(rows, false).map((line) => `  ${line.trimEnd()}`)]]),
  ]
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

/** Commands stand below what they do. */
function stepRows(step: Step, number: number): Cell[][] {
  const { title, action } = step
  const commands = action.do === 'by-hand' ? action.commands : []
  return [
    [{ text: String(number) }, { text: turnOf(step) }, { text: printable(title) }],
    ...commands.map((command) => [{ text: '' }, { text: '' }, { text: `  ${printable(command)}` }]),
  ]
}
