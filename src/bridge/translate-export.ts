import type { AgentStream } from './agent-stream.ts'
import { InvalidExportError } from './invalid-export-error.ts'
import { type ExportRequest, readRequest } from './opencensus/read-request.ts'
import { EXPORT_REQUEST } from './opencensus/tags.ts'
import type { SpanBatch } from './span-batch.ts'
import { judgeSpan, type ValidSpan } from './translate/judge-span.ts'
import { MAX_RESOURCE_BYTES, translateResource } from './translate/resource.ts'
import { ResourceGroups } from './translate/resource-groups.ts'
import { copySpan } from './translate/span.ts'
import { FieldCursor } from './wire/field-cursor.ts'
import { MessageFields } from './wire/message-fields.ts'

export interface TranslatedExport {
  /**
   * What is to be sent, those of one resource in the order received. None, one for each
   * resource, or more where one would be above MAX_BATCH_BYTES.
   */
  readonly batches: readonly SpanBatch[]
  /** Spans in the message: those of the batches, the filtered and the invalid ones together. */
  readonly received: number
  /** Spans that OpenCensus's exporter made of its own streams: nobody asked for them. */
  readonly ownStreamSpans: number
  readonly invalidSpans: number
}

/**
 * Takes what is remembered of the stream, and the bytes of one ExportTraceServiceRequest of OpenCensus's agent; gives
 * the spans as OTLP. A span that breaks a rule is counted and costs no other one.
 * @throws InvalidExportError when the bytes are no such message
 */
export function translateExport(stream: AgentStream, message: Uint8Array): TranslatedExport {
  const cursor = new FieldCursor(message)
  const request = readRequest(cursor)
  remember(stream, request)
  const groups = new ResourceGroups(stream, cursor)
  const fields = new MessageFields(cursor)
  const nested = new MessageFields(cursor)
  const add = (span: ValidSpan): boolean => {
    const group = groups.groupOf(fields)
    return group?.add(() => copySpan({ cursor, nested, writer: group.writer }, span)) ?? false
  }
  let ownStreamSpans = 0
  let invalidSpans = 0
  for (let at = 0; at < message.length; ) {
    at = cursor.next(at, message.length)
    if (cursor.tag !== EXPORT_REQUEST.spans) continue
    fields.scan()
    const span = judgeSpan(cursor, fields)
    if (span === 'own-stream') ownStreamSpans++
    else if (span === 'invalid' || !add(span)) invalidSpans++
  }
  return { batches: groups.finish(), received: request.spanCount, ownStreamSpans, invalidSpans }
}

/** A message that names only one of the two leaves the other as it was, by the protocol. */
function remember(stream: AgentStream, { node = stream.node, resource = stream.resource }: ExportRequest): void {
  if (node === stream.node && resource === stream.resource) return
  const otlpResource = translateResource(node, resource)
  if (otlpResource === undefined) {
    throw new InvalidExportError(
      `node and resource, of ${node.length + resource.length} bytes, must have at most ${MAX_RESOURCE_BYTES}, as OTLP too`,
    )
  }
  Object.assign(stream, { node, resource, otlpResource })
}
