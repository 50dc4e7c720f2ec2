import manifest from '../../../package.json' with { type: 'json' }
import { MAX_BATCH_BYTES, type SpanBatch } from '../span-batch.ts'
import { FullWriterError, MessageWriter, sizeOfVarint } from '../wire/message-writer.ts'
import { EXPORT_REQUEST, RESOURCE_SPANS, SCOPE, SCOPE_SPANS } from './tags.ts'

/** Gives the encoded scope of all spans: OpenCensus has none, so it names what has translated them. */
function encodeScope(): Uint8Array {
  const writer = new MessageWriter(64)
  const scope = writer.open(SCOPE_SPANS.scope)
  writer.byte(SCOPE.name)
  writer.sized(new TextEncoder().encode('linkerd-tracing/opencensus-bridge'))
  writer.byte(SCOPE.version)
  writer.sized(new TextEncoder().encode(manifest.version))
  writer.close(scope)
  return writer.written()
}

const SCOPE_FIELD = encodeScope()
/** Tag and length of ResourceSpans, of ScopeSpans and of the Resource: below 2²¹, three bytes hold a length. */
const FRAME_BYTES = 3 * 4

/**
 * A batch, and a span that does not fit into it any more. Without a limit the span that a message of 4 MiB may be would
 * take twenty times as much before it is known to fit no batch.
 */
const MAX_WRITTEN_BYTES = 2 * MAX_BATCH_BYTES

/** Most spans have between 128 and 16383 bytes. */
const LENGTH_BYTES = 2

/** Collects the spans of one resource, and gives them in batches that no limit is exceeded by. */
export class ResourceSpans {
  readonly writer: MessageWriter
  readonly batches: SpanBatch[] = []
  readonly #resource: Uint8Array
  readonly #maxSpanBytes: number
  #spans = 0

  /** Takes an encoded Resource, and about how many bytes the spans will have. */
  constructor(resource: Uint8Array, capacity: number) {
    this.writer = new MessageWriter(capacity, MAX_WRITTEN_BYTES)
    this.#resource = resource
    this.#maxSpanBytes = MAX_BATCH_BYTES - resource.length - SCOPE_FIELD.length - FRAME_BYTES
  }

  /** Adds the span that `write` writes into `writer`; gives false, and adds none, when it fits no batch. */
  add(write: () => void): boolean {
    const before = this.writer.length
    try {
      const span = this.writer.open(SCOPE_SPANS.spans, LENGTH_BYTES)
      write()
      this.writer.close(span, LENGTH_BYTES)
    } catch (error) {
      if (!(error instanceof FullWriterError)) throw error
      this.writer.rewind(before)
      return false
    }
    return this.#keep(before)
  }

  /** Gives all spans that were added. */
  finish(): readonly SpanBatch[] {
    this.#cut(this.writer.length)
    return this.batches
  }

  #keep(before: number): boolean {
    if (this.writer.length <= this.#maxSpanBytes) {
      this.#spans++
      return true
    }
    if (this.writer.length - before > this.#maxSpanBytes) {
      this.writer.rewind(before)
      return false
    }
    const span = this.writer.written(before).slice()
    this.#cut(before)
    this.writer.copy(span)
    this.#spans = 1
    return true
  }

  /** Makes a batch of what was written up to there. */
  #cut(length: number): void {
    this.writer.rewind(length)
    if (this.#spans > 0) this.batches.push({ spans: this.#spans, resourceSpans: this.#frame(this.writer.written()) })
    this.writer.rewind(0)
    this.#spans = 0
  }

  /** Exactly as large as its contents: a queue of batches counts bytes. */
  #frame(spans: Uint8Array): Uint8Array {
    const scopeSpans = SCOPE_FIELD.length + spans.length
    const resource = this.#resource.length
    const resourceSpans = 1 + sizeOfVarint(resource) + resource + 1 + sizeOfVarint(scopeSpans) + scopeSpans
    const writer = new MessageWriter(1 + sizeOfVarint(resourceSpans) + resourceSpans)
    writer.field(EXPORT_REQUEST.resourceSpans, resourceSpans)
    writer.byte(RESOURCE_SPANS.resource)
    writer.sized(this.#resource)
    writer.field(RESOURCE_SPANS.scopeSpans, scopeSpans)
    writer.copy(SCOPE_FIELD)
    writer.copy(spans)
    return writer.written()
  }
}
