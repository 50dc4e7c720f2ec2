/**
 * What is remembered of one stream of an OpenCensus client: its messages name their Node and Resource once and mean
 * them from then on. Made for each Export stream, changed by `translateExport` only.
 */
export interface AgentStream {
  /** Encoded as they came, of the last message that had them; empty when none had. */
  node: Uint8Array
  resource: Uint8Array
  /** OTLP's encoded Resource that the two make together. */
  otlpResource: Uint8Array
}

/** Gives the memory of a stream that has sent nothing yet. */
export function newAgentStream(): AgentStream {
  return { node: new Uint8Array(), resource: new Uint8Array(), otlpResource: new Uint8Array() }
}
