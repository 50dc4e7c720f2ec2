import type { Span, SpanProcess } from './span.ts'

/** Takes who sent a span, gives the name of the clock that its times are by: that of its node, as far as that is known. */
export type ClockOf = (sender: SpanProcess) => string

/**
 * Takes the spans of a trace, gives whose clocks they have. All processes of a node share its clock, and all of a Pod share
 * its node, which some of them do not name. Pure.
 */
export function clocksOf(spans: readonly Span[]): ClockOf {
  const senders = new Set(spans.map(({ process }) => process))
  const nodes = new Map<string, string>()
  for (const sender of senders) {
    const [pod, node] = [podOf(sender), nodeOf(sender)]
    if (pod !== undefined && node !== undefined) nodes.set(pod, node)
  }
  return (sender) => {
    const pod = podOf(sender)
    return nodeOf(sender) ?? nodes.get(pod ?? '') ?? pod ?? sender.service
  }
}

function nodeOf({ tags }: SpanProcess): string | undefined {
  return tags['k8s.node.name']
}

/** Older proxies name none, but their host has its name. */
function podOf({ tags }: SpanProcess): string | undefined {
  return tags['k8s.pod.name'] ?? tags['host.name']
}
