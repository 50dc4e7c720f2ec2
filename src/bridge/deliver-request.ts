import { setTimeout as wait } from 'node:timers/promises'
import type { BridgeLog, BridgeReports, DropReason } from './bridge-reports.ts'
import type { CollectorClient } from './collector-client.ts'
import type { ExportAnswer } from './export-answer.ts'
import type { SpanRequest } from './span-queue.ts'

export interface DeliveryPorts {
  readonly collector: Pick<CollectorClient, 'send' | 'whenConnected'>
  readonly reports: Pick<BridgeReports, 'spansDropped' | 'spansSent'>
  readonly log: BridgeLog
  /** How long to pause after so many failures in a row (0: the first one), in milliseconds. */
  readonly pauseMs: (failures: number) => number
  /** How long a collector that says "not now" is asked again. */
  readonly retryForMs: number
  /** Shared by all requests: when the collector has asked for a pause, it means all of them. */
  readonly pause: { untilMs: number }
  /** Comes when there is no time left. */
  readonly signal: AbortSignal
}

/**
 * Takes a request, sends it until it is clear what became of its spans, and counts them. Never rejects. While there is
 * no connection it waits, without limit: the queue has one.
 */
export async function deliverRequest({ spans, body }: SpanRequest, ports: DeliveryPorts): Promise<void> {
  const { collector, log, reports, signal } = ports
  const drop = (reason: DropReason, fields: object = {}): void => {
    reports.spansDropped(reason, spans)
    log.warn({ reason, spans, ...fields }, 'spans dropped')
  }
  const refused = { sinceMs: Number.POSITIVE_INFINITY }
  for (let failures = 0; ; failures += 1) {
    if (!(await mayTry(ports))) return drop('shutdown')
    const answer = await collector.send(body, signal)
    if (answer.kind === 'taken') return countTaken(spans, answer, ports)
    if (answer.kind === 'refused' || answer.kind === 'unconfirmed') return drop(answer.kind, { answer: answer.message })
    const pauseMs = pauseAfter(answer, ports.pauseMs(failures))
    if (answer.kind === 'again' && isOutOfPatience(refused, pauseMs, ports.retryForMs)) {
      return drop('retries-exhausted', { answer: answer.message })
    }
    ports.pause.untilMs = Math.max(ports.pause.untilMs, performance.now() + pauseMs)
  }
}

/** Notes when the collector first said no, and says whether another attempt would come too late. */
function isOutOfPatience(refused: { sinceMs: number }, pauseMs: number, retryForMs: number): boolean {
  const nowMs = performance.now()
  refused.sinceMs = Math.min(refused.sinceMs, nowMs)
  return nowMs + pauseMs - refused.sinceMs > retryForMs
}

/** The collector's own wish, where it has one, is never undercut. */
function pauseAfter(answer: ExportAnswer, backoffMs: number): number {
  return answer.kind === 'again' ? Math.max(backoffMs, answer.afterMs) : backoffMs
}

async function mayTry({ collector, pause, signal }: DeliveryPorts): Promise<boolean> {
  for (;;) {
    const leftMs = pause.untilMs - performance.now()
    if (signal.aborted) return false
    if (leftMs <= 0) return collector.whenConnected(signal)
    await wait(leftMs, undefined, { signal }).catch(() => {})
  }
}

function countTaken(
  spans: number,
  { rejectedSpans, message }: Extract<ExportAnswer, { kind: 'taken' }>,
  { reports, log }: DeliveryPorts,
): void {
  // A collector that claims to have rejected more than it was sent must not make a negative count.
  const rejected = Math.min(spans, rejectedSpans)
  reports.spansSent(spans - rejected)
  if (rejected > 0) reports.spansDropped('rejected', rejected)
  if (rejected > 0 || message !== '') {
    log.warn({ reason: 'rejected', spans: rejected, answer: message }, 'the collector took a part only')
  }
}
