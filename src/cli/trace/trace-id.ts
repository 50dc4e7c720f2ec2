/** Version, trace, span and flags, as the header `traceparent` has them. */
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/

/**
 * Takes a trace’s ID as people have it, gives it as Jaeger does: 16 or 32 digits in lower case. Leading zeros may have got
 * lost, and a whole `traceparent` is taken too. Throws a sentence for what is no ID. Pure.
 */
export function parseTraceId(text: string): string {
  const lower = text.trim().toLowerCase()
  const id = TRACEPARENT.exec(lower)?.[1] ?? lower
  if (!/^[0-9a-f]{1,32}$/.test(id)) {
    throw new Error(
      `${JSON.stringify(text.slice(0, 60))} is no trace ID: must be 1 to 32 hexadecimal digits, or a traceparent`,
    )
  }
  if (/^0+$/.test(id)) throw new Error(`${text} is no trace ID: zeros alone mean that there is none`)
  return id.padStart(id.length <= 16 ? 16 : 32, '0')
}
