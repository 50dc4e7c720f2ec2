/**
 * What one stream of an OpenCensus client is remembered by: its messages name their Node and Resource once and mean
 * them from then on. Made for each Export stream, changed by `translateExport` only.
 */
export interface AgentStream {
  /** Encoded Node and Resource of the last message that had them. */
  node: Uint8Array | undefined
  resource: Uint8Array | undefined
}

/** Gives the memory of a stream that has sent nothing yet. */
export function newAgentStream(): AgentStream {
  return { node: undefined, resource: undefined }
}
