import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { askJson } from './http-json.ts'
import { hasTrace } from './jaeger-query.ts'
import { exportRequest } from './test-span.ts'

/** One span, which is sent once and then looked for, as often as it takes. */
export interface SpanProbe {
  /** Sends the span to a collector's OTLP over HTTP, unless it has been sent. Rejects with a sentence; `status` of a refusal. */
  readonly send: (collector: string) => Promise<void>
  /** Gives whether Jaeger has the span; for some seconds after it was sent it is waited for. */
  readonly arrives: (jaeger: string) => Promise<boolean>
  readonly traceId: string
}

/** A collector that answers, and does not take the span. */
export class SpanRefusedError extends Error {
  override readonly name = 'SpanRefusedError'
}

/** The collector's batches and Jaeger's take a second or two; sampling by tail 30 s, for which `--wait` is. */
const ARRIVAL_MS = 10_000
const PAUSE_MS = 500

/** Gives a span of now. */
export function createSpanProbe(): SpanProbe {
  const traceId = randomBytes(16).toString('hex')
  const spanId = randomBytes(8).toString('hex')
  let sentAt: number | undefined
  return {
    traceId,
    send: async (collector) => {
      if (sentAt !== undefined) return
      const url = `${collector.replace(/\/+$/, '')}/v1/traces`
      const { status } = await askJson(url, exportRequest({ traceId, spanId, at: new Date() }))
      if (status !== 200) throw new SpanRefusedError(`${url} answered HTTP ${status}`)
      sentAt = performance.now()
    },
    arrives: async (jaeger) => {
      for (;;) {
        if (await hasTrace(jaeger, traceId)) return true
        if (performance.now() > (sentAt ?? 0) + ARRIVAL_MS) return false
        await pause(PAUSE_MS)
      }
    },
  }
}
