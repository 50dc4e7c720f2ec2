import { type Metadata, status } from '@grpc/grpc-js'

/** What became of one request to the collector. */
export type ExportAnswer =
  /** The collector has it, but for so many spans that it would not have. */
  | { readonly kind: 'taken'; readonly rejectedSpans: number; readonly message: string }
  /** The collector has said no, for now: it may be asked again. */
  | { readonly kind: 'again'; readonly afterMs: number; readonly message: string }
  /** The collector has said no, for good. */
  | { readonly kind: 'refused'; readonly message: string }
  /** It never left: there was no connection. */
  | { readonly kind: 'unsent'; readonly message: string }
  /** It left, and no answer came: the collector may have it. */
  | { readonly kind: 'unconfirmed'; readonly message: string }

export interface FailedCall {
  readonly code: number
  readonly details: string
  readonly metadata: Metadata
}

/**
 * The statuses after which OTLP lets a client ask again (https://opentelemetry.io/docs/specs/otlp/#failures), without
 * CANCELLED and DEADLINE_EXCEEDED: these say that the collector gave up in the middle, and it may have the spans.
 */
const ASK_AGAIN: ReadonlySet<number> = new Set([
  status.ABORTED,
  status.OUT_OF_RANGE,
  status.UNAVAILABLE,
  status.DATA_LOSS,
])

const GAVE_UP_IN_THE_MIDDLE: ReadonlySet<number> = new Set([status.CANCELLED, status.DEADLINE_EXCEEDED])

/**
 * Takes how a call failed and the pause that the collector asked for (RetryInfo, in milliseconds), gives what that
 * means for its spans. Pure. A span is never sent a second time when the first may have arrived.
 */
export function answerOfFailure(failure: FailedCall, retryInfoMs: number | undefined): ExportAnswer {
  const message = `${status[failure.code] ?? failure.code}: ${failure.details}`
  if (!isFromCollector(failure)) {
    // grpc-js's words for a call that found no connection; with other words it counts as sent, which is the safe side.
    const isUnsent = failure.code === status.UNAVAILABLE && failure.details.startsWith('No connection established')
    return { kind: isUnsent ? 'unsent' : 'unconfirmed', message }
  }
  if (GAVE_UP_IN_THE_MIDDLE.has(failure.code)) return { kind: 'unconfirmed', message }
  const mayAskAgain =
    ASK_AGAIN.has(failure.code) || (failure.code === status.RESOURCE_EXHAUSTED && retryInfoMs !== undefined)
  return mayAskAgain ? { kind: 'again', afterMs: retryInfoMs ?? 0, message } : { kind: 'refused', message }
}

/** An answer has headers, `content-type` at least; a status that grpc-js made itself (connection, deadline) has none. */
function isFromCollector({ metadata }: FailedCall): boolean {
  return Object.keys(metadata.getMap()).length > 0
}
