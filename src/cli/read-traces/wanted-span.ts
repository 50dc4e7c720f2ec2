import { namespaceOf } from '../../spans/proxy-span.ts'
import type { Span } from '../../spans/span.ts'
import type { AskedTraces } from './open-reading.ts'
import { hasTags } from './tag-filter.ts'
import type { TraceFlags } from './trace-flags.ts'

/**
 * Takes the flags and what they ask for, gives whether a span is meant by them: a trace that is read has others beside it, of
 * other services and other times. Pure.
 */
export function isWantedSpan(
  { service, namespace }: Pick<TraceFlags, 'service' | 'namespace'>,
  { range, tags }: Pick<AskedTraces, 'range' | 'tags'>,
): (span: Span) => boolean {
  const hasAllTags = hasTags(tags)
  return (span) =>
    span.startUs >= range.fromUs &&
    span.startUs < range.untilUs &&
    (service === undefined || span.process.service === service) &&
    (namespace === undefined || namespaceOf(span.process) === namespace) &&
    hasAllTags(span)
}
