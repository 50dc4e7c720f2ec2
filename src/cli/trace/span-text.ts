import { spanOrigin } from '../../spans/proxy-span.ts'
import { answerStatusOf } from '../../spans/span-error.ts'
import type { SpanNode } from '../../spans/span-tree.ts'
import type { Try } from '../../spans/span-tries.ts'
import { printable } from '../printable.ts'

const PROXY_SERVICE = 'linkerd-proxy'

/** Takes a span with those below it, gives whose it is and what it does. Pure. */
export function spanText({ span, children }: SpanNode): string {
  const { service } = span.process
  const origin = spanOrigin(span)
  if (origin.from !== 'proxy') return printable(`${service}  ${span.operation}`)
  if (origin.side === 'server') {
    return printable(`${service}  proxy ${origin.direction === 'inbound' ? 'in' : 'out'}  ${span.operation}`)
  }
  if (origin.direction === 'inbound') return printable(`${service}  proxy → application`)
  return printable(`${service}  proxy → ${calledService(children) ?? addressOf(span.tags)}`)
}

/** Takes a span, and which try it is where there were several, gives what is to be noticed of it; empty: nothing. Pure. */
export function spanMarks({ span, lacksParent }: SpanNode, tried: Try | undefined): string {
  const status = answerStatusOf(span.tags)
  return [
    ...(span.isError ? [`failed${status === undefined ? '' : ` ${printable(status)}`}`] : []),
    ...(tried === undefined ? [] : [`try ${tried.number} of ${tried.of}`]),
    ...(lacksParent ? ['parent missing'] : []),
    ...(span.isUnfinished ? ['ended before it began'] : []),
  ].join(', ')
}

/** Older proxies all have one name, which says nothing. */
function calledService(children: readonly SpanNode[]): string | undefined {
  return children.map(({ span }) => span.process.service).find((service) => service !== PROXY_SERVICE)
}

/** Where the request goes, as the proxy calls it; older ones do not say. */
function addressOf(tags: Readonly<Record<string, string>>): string {
  return tags['server.address'] ?? tags['http.host'] ?? tags['http.authority'] ?? 'another Pod'
}
