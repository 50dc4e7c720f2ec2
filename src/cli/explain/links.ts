import { COLLECTOR_LINKS } from './collector-links.ts'
import type { ExplainFacts } from './facts.ts'
import type { JudgedLink, Link } from './link.ts'
import { POD_LINKS } from './pod-links.ts'
import { PROXY_LINKS } from './proxy-links.ts'
import { SPAN_LINK } from './span-link.ts'
import { WEBHOOK_LINKS } from './webhook-links.ts'

/** Every link between a label and a span, in their order: each needs those before it. */
export const LINKS: readonly Link<ExplainFacts>[] = [
  ...POD_LINKS,
  ...WEBHOOK_LINKS,
  ...PROXY_LINKS,
  ...COLLECTOR_LINKS,
  SPAN_LINK,
]

/** Takes what was found, gives what became of each link. Pure. */
export function judgeLinks(facts: ExplainFacts): JudgedLink[] {
  return LINKS.map(({ name, title, judge }) => ({ name, title, outcome: judge(facts) }))
}

/** Takes judged links, gives the first that is broken: the one to put right. Pure. */
export function firstBroken(links: readonly JudgedLink[]): JudgedLink | undefined {
  return links.find(({ outcome }) => outcome.result === 'broken')
}
