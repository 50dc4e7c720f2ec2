import { afterAll } from 'vitest'
import { AGENT_RPCS, DROP_REASONS } from '../../../src/bridge/bridge-reports.ts'
import { type BridgeParts, buildBridge } from '../../../src/bridge/build-bridge.ts'
import { createBridgeMetrics } from '../../../src/runtime/bridge-metrics.ts'

const running: Array<{ close: (withinMs: number) => Promise<unknown> }> = []
afterAll(async () => {
  await Promise.all(running.map((bridge) => bridge.close(0)))
})

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error'
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** Starts a bridge on loopback with metrics as in the command; closed when the file ends. */
export async function startBridge(collectorAddress: string, parts: Partial<BridgeParts> = {}) {
  const metrics = createBridgeMetrics({ rpcs: AGENT_RPCS, dropReasons: DROP_REASONS })
  const lines: LogLine[] = []
  const write = (level: LogLine['level']) => (fields: object, message: string) => {
    lines.push({ level, message, fields: { ...fields } })
  }
  const bridge = buildBridge({
    collectorAddress,
    queue: { maxBytes: 64 * 1024 * 1024, maxSpans: 200_000 },
    maxStreams: 1000,
    pauseMs: () => 20,
    reports: metrics.reports,
    log: { info: write('info'), warn: write('warn'), error: write('error') },
    ...parts,
  })
  running.push(bridge)
  await bridge.agent.listen({ host: '127.0.0.1', port: 0 })
  const { port } = bridge.agent.server.address() as { port: number }
  return { ...bridge, port, lines, counts: async () => countsOf((await metrics.render()).text) }
}

export interface BridgeCounts {
  readonly received: number
  readonly sent: number
  readonly ownStream: number
  readonly invalid: number
  readonly queued: number
  readonly queuedBytes: number
  readonly dropped: Readonly<Record<string, number>>
  readonly droppedInAll: number
  readonly exports: Readonly<Record<string, number>>
  /** What the bridge cannot tell where it is: 0, always. */
  readonly unaccounted: number
  readonly metric: (name: string) => number
}

/** Reads the bridge's numbers from the text of `/metrics`. */
export function countsOf(text: string): BridgeCounts {
  const samples = [...text.matchAll(/^linkerd_tracing_bridge_(\S+) (\S+)$/gm)].map(
    ([, name, value]) => [String(name), Number(value)] as const,
  )
  const metric = (name: string) => samples.find(([sample]) => sample === name)?.[1] ?? 0
  const labelled = (name: string) =>
    Object.fromEntries(
      samples
        .filter(([sample]) => sample.startsWith(`${name}{`))
        .map(([sample, value]) => [/="([^"]*)"/.exec(sample)?.[1] ?? '', value]),
    )
  const dropped = labelled('spans_dropped_total')
  const counts = {
    received: metric('spans_received_total'),
    sent: metric('spans_sent_total'),
    ownStream: metric('spans_own_stream_total'),
    invalid: metric('spans_invalid_total'),
    queued: metric('queue_spans'),
    queuedBytes: metric('queue_bytes'),
    dropped,
    droppedInAll: Object.values(dropped).reduce((sum, value) => sum + value, 0),
    exports: labelled('exports_total'),
    metric,
  }
  const { received, sent, ownStream, invalid, queued, droppedInAll } = counts
  return { ...counts, unaccounted: received - sent - ownStream - invalid - queued - droppedInAll }
}
