import type { BridgeLimits } from './bridge-limits.ts'
import type { SpanQueue, SpanRequest } from './span-queue.ts'

export interface QueueSender {
  /** To be called when something was offered: makes requests of what is due. */
  readonly offered: () => void
  /** Makes requests of all there is, however little, and resolves when the queue holds nothing; for the end. */
  readonly flush: () => Promise<void>
}

export interface QueueSenderParts {
  readonly queue: SpanQueue
  readonly limits: Pick<BridgeLimits, 'requestBytes' | 'requestDelayMs' | 'requestSpans' | 'requestsInFlight'>
  /** Never rejects; resolves when it is clear what became of the spans. */
  readonly deliver: (request: SpanRequest) => Promise<void>
  /** Called after each release. */
  readonly changed: () => void
}

/** Takes a queue, makes requests of its batches by number, size and age, and keeps a bounded number of them in flight. */
export function sendQueue({ queue, limits, deliver, changed }: QueueSenderParts): QueueSender {
  let inFlight = 0
  let isFlushing = false
  let timer: NodeJS.Timeout | undefined
  const whenEmpty: Array<() => void> = []

  const send = async (request: SpanRequest): Promise<void> => {
    inFlight += 1
    await deliver(request)
    inFlight -= 1
    queue.release(request)
    changed()
    sendDue()
  }
  const sendDue = (): void => {
    while (inFlight < limits.requestsInFlight && dueInMs() <= 0) {
      const request = queue.take(limits)
      if (request !== undefined) void send(request)
    }
    wakeWhenDue()
    if (queue.held().spans === 0) for (const resolve of whenEmpty.splice(0)) resolve()
  }
  const dueInMs = (): number => {
    const { spans, bytes, sinceMs } = queue.waiting()
    if (sinceMs === undefined) return Number.POSITIVE_INFINITY
    if (isFlushing || spans >= limits.requestSpans || bytes >= limits.requestBytes) return 0
    return sinceMs + limits.requestDelayMs - performance.now()
  }
  const wakeWhenDue = (): void => {
    const leftMs = dueInMs()
    // With all requests in flight the next answer wakes it.
    if (timer !== undefined || inFlight >= limits.requestsInFlight || leftMs === Number.POSITIVE_INFINITY) return
    timer = setTimeout(
      () => {
        timer = undefined
        sendDue()
      },
      Math.max(1, leftMs),
    )
  }
  return {
    offered: sendDue,
    flush: () => {
      isFlushing = true
      const { promise, resolve } = Promise.withResolvers<void>()
      whenEmpty.push(resolve)
      sendDue()
      return promise
    },
  }
}
