// Jaeger's own mark, what OTLP's status becomes, and the status of an answer by the names of today (proxies from v2.256 on)
// and of OpenCensus. A proxy marks no span of an answer as failed, whatever its status.
const STATUS_TAGS = ['http.response.status_code', 'http.status_code'] as const

/**
 * Takes a span's tags, gives whether what it measured failed: it is marked so, or the answer has a status of 5xx. As for
 * Linkerd's success rate, 4xx is the caller's fault and no failure of who served it. Pure.
 */
export function isErrorSpan(tags: Readonly<Record<string, string>>): boolean {
  if (tags['error'] === 'true' || tags['otel.status_code'] === 'ERROR') return true
  return STATUS_TAGS.some((key) => /^5\d\d$/.test(tags[key] ?? ''))
}

/** Takes a span's tags, gives the status of the answer as text; undefined where it names none. Pure. */
export function answerStatusOf(tags: Readonly<Record<string, string>>): string | undefined {
  return STATUS_TAGS.map((key) => tags[key]).find((status) => status !== undefined)
}
