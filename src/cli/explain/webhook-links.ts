import type { ExplainFacts, WebhookLine } from './facts.ts'
import { broken, type Link, type LinkOutcome, ok, unchecked } from './link.ts'

/** Whether a Pod that is made now is looked at by the webhook: what `check` says of it. */
export const WEBHOOK_LINKS: readonly Link<ExplainFacts>[] = [
  {
    name: 'webhook-configured',
    title: 'the webhook is configured, and called after Linkerd’s',
    judge: ({ configured }) => judgeLines(configured),
  },
  {
    name: 'webhook-reached',
    title: 'the API server reaches the injector and trusts it',
    judge: ({ reached }) => judgeLines(reached),
  },
]

const CHECK = 'linkerd-tracing check tells all about the installation'

function judgeLines(lines: readonly WebhookLine[]): LinkOutcome {
  const failed = lines.filter(({ result }) => result === 'error')
  if (failed.length > 0) return broken(failed.map(told).join('\n'), CHECK)
  // What is odd and was checked has no say in whether a Pod is traced.
  const open = lines.filter(({ because = '' }) => because.startsWith(UNCHECKED))
  if (open.length > 0) return unchecked(open.map(({ because = '' }) => because.slice(UNCHECKED.length)).join('\n'))
  return lines.length === 0 ? unchecked('nothing of the installation was found') : ok()
}

/** As `check` shows it. */
const UNCHECKED = 'could not be checked: '

function told({ description, because = '' }: WebhookLine): string {
  return `× ${description}: ${because}`
}
