/** One span, as Jaeger holds it. Times are microseconds; `startUs` since 1970. */
export interface Span {
  readonly traceId: string
  readonly spanId: string
  /** Undefined: a root, as far as it says. The parent may be missing from what was read. */
  readonly parentId: string | undefined
  readonly operation: string
  readonly kind: SpanKind | undefined
  readonly startUs: number
  readonly durationUs: number
  /** It says that it ended before it began: nobody knows how long it took, and `durationUs` is 0. */
  readonly isUnfinished?: true
  /** It says so itself, or its request was answered with 5xx. */
  readonly isError: boolean
  /** Without what every object inherits, so that any key may be looked up; numbers and booleans as text. */
  readonly tags: Readonly<Record<string, string>>
  readonly process: SpanProcess
}

/** Who sent spans: one process of one Pod. Spans of the same sender in a trace share the object. */
export interface SpanProcess {
  readonly service: string
  readonly tags: Readonly<Record<string, string>>
}

export interface Trace {
  readonly traceId: string
  readonly spans: readonly Span[]
}

export const SPAN_KINDS = ['server', 'client', 'internal', 'producer', 'consumer'] as const
export type SpanKind = (typeof SPAN_KINDS)[number]
