import type { SpanBatch } from './span-batch.ts'

/** Spans on their way to the collector. */
export interface SpanRequest {
  readonly spans: number
  /** An encoded ExportTraceServiceRequest. */
  readonly body: Buffer
  /** What the queue counts for it until it is released. */
  readonly heldBytes: number
}

export interface SpanQueue {
  /** Takes a batch over, and says whether there was room for it. */
  readonly offer: (batch: SpanBatch, atMs: number) => boolean
  /** Gives the oldest batches as one request; undefined when none waits. They count until the request is released. */
  readonly take: (limits: { readonly requestSpans: number; readonly requestBytes: number }) => SpanRequest | undefined
  readonly release: (request: SpanRequest) => void
  /** Waiting and taken. */
  readonly held: () => { readonly spans: number; readonly bytes: number }
  readonly waiting: () => { readonly spans: number; readonly bytes: number; readonly sinceMs: number | undefined }
}

export interface QueueLimits {
  readonly maxSpans: number
  readonly maxBytes: number
}

interface Entry extends SpanBatch {
  readonly atMs: number
}

/** What a batch costs beside its bytes: the entry, the view, its buffer (measured: 300 bytes with V8 14). */
const ENTRY_BYTES = 320

/**
 * Takes limits, gives a queue of encoded spans that never holds more than them. When it is full, the newest spans are
 * refused, as by the collector's own queue: what waits already has cost work, and belongs to traces that are older and
 * more complete.
 */
export function createSpanQueue({ maxSpans, maxBytes }: QueueLimits): SpanQueue {
  const entries: Entry[] = []
  const waiting = { spans: 0, bytes: 0 }
  const held = { spans: 0, bytes: 0 }
  return {
    offer: (batch, atMs) => {
      const bytes = batch.resourceSpans.byteLength + ENTRY_BYTES
      if (held.spans + batch.spans > maxSpans || held.bytes + bytes > maxBytes) return false
      entries.push({ spans: batch.spans, resourceSpans: ownBytes(batch.resourceSpans), atMs })
      add(waiting, batch.spans, bytes)
      add(held, batch.spans, bytes)
      return true
    },
    take: (limits) => {
      const taken = entries.splice(0, countThatFit(entries, limits))
      if (taken.length === 0) return undefined
      const spans = taken.reduce((sum, entry) => sum + entry.spans, 0)
      const body = Buffer.concat(taken.map(({ resourceSpans }) => resourceSpans))
      const heldBytes = body.byteLength + taken.length * ENTRY_BYTES
      add(waiting, -spans, -heldBytes)
      return { spans, body, heldBytes }
    },
    release: ({ spans, heldBytes }) => add(held, -spans, -heldBytes),
    held: () => held,
    waiting: () => ({ ...waiting, sinceMs: entries[0]?.atMs }),
  }
}

function add(sum: { spans: number; bytes: number }, spans: number, bytes: number): void {
  sum.spans += spans
  sum.bytes += bytes
}

/** How many of the oldest make one request: at least one, whatever its size. */
function countThatFit(
  entries: readonly Entry[],
  { requestSpans, requestBytes }: { readonly requestSpans: number; readonly requestBytes: number },
): number {
  let [spans, bytes] = [0, 0]
  for (const [index, entry] of entries.entries()) {
    spans += entry.spans
    bytes += entry.resourceSpans.byteLength
    if (index > 0 && (spans > requestSpans || bytes > requestBytes)) return index
  }
  return entries.length
}

/** A view into a larger buffer, such as Node's pool, would keep all of that buffer alive, uncounted. */
function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.buffer.byteLength === bytes.byteLength ? bytes : new Uint8Array(bytes)
}
