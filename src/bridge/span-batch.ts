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
