import type { AgentStream } from '../agent-stream.ts'
import { SPAN } from '../opencensus/tags.ts'
import { ResourceSpans } from '../otlp/resource-spans.ts'
import { MAX_BATCH_BYTES, type SpanBatch } from '../span-batch.ts'
import type { FieldCursor } from '../wire/field-cursor.ts'
import type { MessageFields } from '../wire/message-fields.ts'
import { MAX_RESOURCE_BYTES, translateResource } from './resource.ts'

/**
 * A span may name a Resource of its own, and is then sent with the whole Node beside it: without a limit, a message of
 * tiny spans could become a thousand times as large. OpenCensus's own libraries name none.
 */
export const MAX_SPAN_RESOURCES = 256
/**
 * So much of Nodes and Resources is read for them. A Node may have 64 KiB: to read one 256 times would take seconds, in
 * which nothing else is done, for a message of 12 KiB.
 */
export const MAX_SPAN_RESOURCE_BYTES = 1024 * 1024
/** With the names of their attributes, spans of message events take about twice their bytes. */
const GROWTH = 2

/** The spans of one message by resource: the stream's, and those that spans name themselves. */
export class ResourceGroups {
  readonly #stream: AgentStream
  readonly #cursor: FieldCursor
  readonly #ofStream: ResourceSpans
  readonly #ofSpans = new Map<string, ResourceSpans | undefined>()
  #bytesLeft = MAX_SPAN_RESOURCE_BYTES

  /** Takes what is remembered of the stream, and the cursor over the message. */
  constructor(stream: AgentStream, cursor: FieldCursor) {
    this.#stream = stream
    this.#cursor = cursor
    this.#ofStream = new ResourceSpans(stream.otlpResource, Math.min(cursor.bytes.length * GROWTH, MAX_BATCH_BYTES))
  }

  /** Takes the fields of a span, gives where it belongs; undefined when its own Resource is one too many, or too large. */
  groupOf(fields: MessageFields): ResourceSpans | undefined {
    if (!fields.enter(SPAN.resource)) return this.#ofStream
    const { bytes, start, end } = this.#cursor
    const resource = bytes.slice(start, end)
    const key = Buffer.from(resource.buffer).toString('latin1')
    if (!this.#ofSpans.has(key) && this.#ofSpans.size < MAX_SPAN_RESOURCES) {
      const otlpResource = this.#translate(resource)
      this.#ofSpans.set(key, otlpResource && new ResourceSpans(otlpResource, end - start))
    }
    return this.#ofSpans.get(key)
  }

  /** Gives undefined for a Resource that is too large, or one too many. */
  #translate(resource: Uint8Array): Uint8Array | undefined {
    const bytes = this.#stream.node.length + resource.length
    // What is too large is not read, and so costs no other Resource its room.
    if (bytes > Math.min(MAX_RESOURCE_BYTES, this.#bytesLeft)) return undefined
    this.#bytesLeft -= bytes
    return translateResource(this.#stream.node, resource)
  }

  /** Gives all spans. */
  finish(): readonly SpanBatch[] {
    return [this.#ofStream, ...this.#ofSpans.values()].flatMap((group) => group?.finish() ?? [])
  }
}
