/** Bytes that are no message of the OpenCensus agent's protocol. The message is one sentence: field, value, rule. */
export class InvalidExportError extends Error {
  override readonly name = 'InvalidExportError'
}
