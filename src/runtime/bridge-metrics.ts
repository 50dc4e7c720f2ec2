import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { BRIDGE_METRICS, EXPORT_BUCKETS } from './bridge-metrics-table.ts'

/** The values that labels can have. */
export interface BridgeLabels {
  readonly rpcs: readonly string[]
  readonly dropReasons: readonly string[]
}

/**
 * Takes the values of labels, gives the bridge's metrics, of a registry of their own: what to count with, and the text
 * of `/metrics` with its content type.
 */
export function createBridgeMetrics({ rpcs, dropReasons }: BridgeLabels) {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const options = <Key extends keyof typeof BRIDGE_METRICS>(key: Key) => {
    const { name, help, labels } = BRIDGE_METRICS[key]
    return { name, help, labelNames: labels, registers: [registry] }
  }
  const streams = new Gauge(options('streams'))
  const streamsRefused = new Counter(options('streamsRefused'))
  const messages = new Counter(options('messages'))
  const received = new Counter(options('spansReceived'))
  const ownStream = new Counter(options('ownStreamSpans'))
  const invalid = new Counter(options('invalidSpans'))
  const sent = new Counter(options('spansSent'))
  const dropped = new Counter(options('spansDropped'))
  const queueSpans = new Gauge(options('queueSpans'))
  const queueBytes = new Gauge(options('queueBytes'))
  const exports = new Counter(options('exports'))
  const duration = new Histogram({ ...options('exportDuration'), buckets: EXPORT_BUCKETS })
  const connected = new Gauge(options('collectorConnected'))
  // There from the start, so that a first rise is seen as one.
  for (const reason of dropReasons) dropped.inc({ reason }, 0)
  for (const rpc of rpcs) {
    streams.set({ rpc }, 0)
    streamsRefused.inc({ rpc }, 0)
    for (const result of ['ok', 'invalid']) messages.inc({ rpc, result }, 0)
  }
  return {
    reports: {
      streamOpened: (rpc: string) => streams.inc({ rpc }),
      streamClosed: (rpc: string) => streams.dec({ rpc }),
      streamRefused: (rpc: string) => streamsRefused.inc({ rpc }),
      messageTaken: (rpc: string, result: string) => messages.inc({ rpc, result }),
      spansReceived: (spans: number) => received.inc(spans),
      ownStreamSpans: (spans: number) => ownStream.inc(spans),
      invalidSpans: (spans: number) => invalid.inc(spans),
      spansSent: (spans: number) => sent.inc(spans),
      spansDropped: (reason: string, spans: number) => dropped.inc({ reason }, spans),
      queueChanged: (spans: number, bytes: number) => {
        queueSpans.set(spans)
        queueBytes.set(bytes)
      },
      exportEnded: (status: string, seconds: number) => {
        exports.inc({ status })
        duration.observe(seconds)
      },
      collectorConnected: (isConnected: boolean) => connected.set(isConnected ? 1 : 0),
    },
    render: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  }
}
