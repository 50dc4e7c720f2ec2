import { type AgentServer, buildAgentServer } from './agent-server.ts'
import { BRIDGE_LIMITS, type BridgeLimits } from './bridge-limits.ts'
import type { BridgeLog, BridgeReports } from './bridge-reports.ts'
import { connectCollector } from './collector-client.ts'
import { deliverRequest } from './deliver-request.ts'
import { sendQueue } from './send-queue.ts'
import { createSpanQueue, type QueueLimits } from './span-queue.ts'
import { takeMessages } from './take-messages.ts'

export interface BridgeParts {
  /** `host:port` of the collector's OTLP receiver (gRPC). */
  readonly collectorAddress: string
  readonly queue: QueueLimits
  readonly maxStreams: number
  /** Pause after so many failures in a row, in milliseconds. */
  readonly pauseMs: (failures: number) => number
  readonly reports: BridgeReports
  readonly log: BridgeLog
  /** Overrides, for tests. */
  readonly limits?: Partial<BridgeLimits>
}

export interface Bridge {
  /** To be listened with. */
  readonly agent: AgentServer
  /**
   * Takes no new connection, sends what is queued while streams stay, ends the streams, sends the rest; all of it within
   * so many milliseconds. Resolves with how many spans were left.
   */
  readonly close: (withinMs: number) => Promise<number>
}

/** Takes the parts, gives the bridge from OpenCensus's agent protocol to OTLP; it connects to the collector at once. */
export function buildBridge(parts: BridgeParts): Bridge {
  const { reports, log } = parts
  const limits = { ...BRIDGE_LIMITS, ...parts.limits }
  const queue = createSpanQueue(parts.queue)
  const ending = new AbortController()
  const collector = connectCollector({ address: parts.collectorAddress, ...limits, ...reports })
  const changed = (): void => reports.queueChanged(queue.held().spans, queue.held().bytes)
  const pause = { untilMs: 0 }
  const sender = sendQueue({
    queue,
    limits,
    deliver: (request) =>
      deliverRequest(request, { ...parts, collector, pause, retryForMs: limits.retryForMs, signal: ending.signal }),
    changed,
  })
  const offer: Parameters<typeof takeMessages>[0]['offer'] = (batch) => {
    if (!queue.offer(batch, performance.now())) return false
    changed()
    sender.offered()
    return true
  }
  const agent = buildAgentServer({
    limits,
    maxStreams: parts.maxStreams,
    reports,
    openTraceStream: () => takeMessages({ reports, log, offer }),
  })
  const flush = async (): Promise<void> => {
    await sender.flush()
    agent.close()
    await sender.flush()
  }
  return {
    agent,
    close: async (withinMs) => {
      agent.stopListening()
      let left = 0
      // Clients that never pause must not keep the queue from becoming empty.
      const half = setTimeout(agent.close, withinMs / 2)
      const end = setTimeout(() => {
        left = queue.held().spans
        ending.abort()
      }, withinMs)
      // After the signal every request ends at once, its spans counted as dropped, so this resolves in any case.
      await flush()
      clearTimeout(half)
      clearTimeout(end)
      collector.close()
      return left
    },
  }
}
