/** A span that is sent only to see it arrive. */
export interface TestSpan {
  /** 32 hexadecimal digits. */
  readonly traceId: string
  /** 16 of them. */
  readonly spanId: string
  readonly at: Date
}

/** Under which a person finds it in Jaeger. */
export const TEST_SERVICE = 'linkerd-tracing-check'

/** STATUS_CODE_ERROR and SPAN_KIND_INTERNAL of OTLP. */
const [ERROR, INTERNAL] = [2, 1]

/**
 * Takes a span, gives the request of OTLP over HTTP that carries it, as JSON. It says that it failed: sampling by tail keeps
 * such traces, whatever it does with others. Pure.
 */
export function exportRequest({ traceId, spanId, at }: TestSpan): object {
  const nanos = `${at.getTime()}000000`
  const span = {
    traceId,
    spanId,
    name: 'check --span',
    kind: INTERNAL,
    startTimeUnixNano: nanos,
    endTimeUnixNano: nanos,
    status: { code: ERROR, message: 'no error: sampling keeps what failed' },
  }
  const service = { key: 'service.name', value: { stringValue: TEST_SERVICE } }
  return {
    resourceSpans: [
      { resource: { attributes: [service] }, scopeSpans: [{ scope: { name: 'linkerd-tracing' }, spans: [span] }] },
    ],
  }
}
