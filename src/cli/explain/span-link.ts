import { quote } from '../../injection/quote.ts'
import { nameOf } from '../check/entries.ts'
import type { ExplainFacts } from './facts.ts'
import { broken, type Link, type LinkOutcome, ok, unchecked } from './link.ts'

/** Whether anything has come out at the other end. */
export const SPAN_LINK: Link<ExplainFacts> = {
  name: 'span',
  title: 'Jaeger has spans of it',
  judge: judgeSpans,
}

function judgeSpans({ pod, spans }: ExplainFacts): LinkOutcome {
  if (spans.kind === 'unchecked') return unchecked(spans.because)
  const service = quote(spans.service)
  if (spans.own.spans > 0 || spans.all.pods.includes(nameOf(pod))) return ok(`service ${service}, in the last hour`)
  // Proxies older than v2.278 do not tell their Pod.
  if (spans.all.spans > 0 && spans.all.pods.length === 0)
    return ok(`service ${service}, in the last hour; they do not say of which Pod`)
  const others = spans.all.spans > 0 ? `, but some of other Pods: ${spans.all.pods.slice(0, 3).join(', ')}` : ''
  return broken(`none of service ${service} in the last hour${others}`, NO_TRACES)
}

const NO_TRACES =
  'a proxy starts no trace: send the Pod a request that carries one (traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01) and look again after 15 s'
