import { stringify } from 'yaml'
import { objectDiff } from '../pod-diff.ts'
import { printable } from '../printable.ts'
import type { ReviewOutput } from './review-outputs.ts'
import type { Reviewed } from './reviewed.ts'

/** Takes a reviewed workload, gives what is shown of it to a person: the decision, warnings, and a diff of the Pod. */
export function reviewText(
  { workload, namespace, decision, error, warnings, change }: Reviewed,
  isColoured: boolean,
): string {
  const heading = `${printable(workload)} (${printable(namespace)}): ${error === undefined ? '' : 'error: '}${printable(decision)}`
  const told = warnings.map((warning) => `  warning: ${printable(warning)}`)
  const diff = change === undefined ? [] : ['', objectDiff(change.before, change.after, isColoured)]
  return `${[heading, ...told, ...diff].join('\n')}\n`
}

/** Takes the reviewed workloads, gives them as JSON or YAML; outcome and reason are the words of the documentation. */
export function reviewList(reviewed: readonly Reviewed[], format: Exclude<ReviewOutput, 'text'>): string {
  const workloads = reviewed.map(({ change, error, decision, ...one }) => ({
    ...one,
    ...(error === undefined ? { ...wordsOf(decision), decision } : { error }),
    ...(change !== undefined && { diff: objectDiff(change.before, change.after, false) }),
  }))
  if (format === 'yaml') return stringify({ workloads }, { lineWidth: 0, aliasDuplicateObjects: false })
  return `${JSON.stringify({ workloads }, null, 2)}\n`
}

function wordsOf(decision: string): { outcome: string; reason?: string } {
  const [, outcome = '', reason] = /^([a-z-]+)(?: \(([a-z-]+)\))?:/.exec(decision) ?? []
  return reason === undefined ? { outcome } : { outcome, reason }
}
