import type { InjectionDecision } from '../../injection/decision.ts'
import { quote } from '../../injection/quote.ts'
import { SKIP_REASONS } from '../../injection/skip-reason.ts'
import { printable } from '../printable.ts'
import type { InjectedTemplate } from './inject-template.ts'

/**
 * Takes a decided workload, gives what is told of it on stderr: one line, and one more for each warning. Names come
 * from foreign files: what could steer a terminal is escaped.
 */
export function reportLines({ workload, namespace, decision }: InjectedTemplate): string {
  const line = `${printable(workload)} (${printable(namespace)}): ${sentenceOf(decision)}\n`
  return line + decision.warnings.map((warning) => `  warning: ${printable(warning)}\n`).join('')
}

function sentenceOf(decision: InjectionDecision): string {
  switch (decision.outcome) {
    case 'traced':
      return `traced → ${decision.target.collector} as ${quote(decision.target.serviceName)}`
    case 'already-traced':
      return `already-traced → ${decision.target.collector} as ${quote(decision.target.serviceName)}`
    case 'marked':
      return 'marked: Linkerd will inject its proxy (linkerd.io/inject: enabled)'
    case 'skipped':
      return `skipped (${decision.reason}): ${INJECT_REASONS[decision.reason]}`
  }
}

/** Here nobody requests anything: what is no Pod is so by the types of its members, which the warning names. */
const INJECT_REASONS = { ...SKIP_REASONS, 'not-pod-create': 'an API server would not take it for a Pod' } as const
