/** Spans ready to be sent. */
export interface SpanBatch {
  readonly spans: number
  /**
   * The encoded `resource_spans` fields (tag, length, ResourceSpans) of an OTLP ExportTraceServiceRequest: this is such
   * a request, and so are the bytes of several batches one after the other. A queue of batches thus knows its size
   * to the byte, and nobody decodes a span again to send it.
   */
  readonly resourceSpans: Uint8Array
}

/**
 * No batch has more bytes. OTLP receivers refuse a request above a limit as a whole, and gRPC's default is 4 MiB; an
 * OpenCensus message of that size can be several times larger as OTLP (a message event of 10 bytes becomes 190).
 */
export const MAX_BATCH_BYTES = 1024 * 1024
