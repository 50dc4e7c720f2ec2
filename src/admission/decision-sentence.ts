import type { InjectionDecision, TraceTarget } from '../injection/decision.ts'
import { quote } from '../injection/quote.ts'
import { SKIP_REASONS } from '../injection/skip-reason.ts'

/** Sums a decision up in one line, for a person who reviews a dry run. */
export function decisionSentence(decision: InjectionDecision): string {
  switch (decision.outcome) {
    case 'traced':
      return `traced: spans go to ${whereTo(decision.target)}`
    case 'already-traced':
      return `already-traced: spans go to ${whereTo(decision.target)}`
    case 'marked':
      return 'marked: Linkerd is asked to inject its proxy (linkerd.io/inject: enabled)'
    case 'skipped':
      return `skipped (${decision.reason}): ${SKIP_REASONS[decision.reason]}`
  }
}

/** The address has been checked: it is shown whole, as nothing in it can do harm. */
function whereTo({ collector, protocol, serviceName }: TraceTarget): string {
  return `"${collector}" by ${protocol} as service ${quote(serviceName)}`
}
