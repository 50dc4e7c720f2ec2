import { newAgentStream } from './agent-stream.ts'
import type { BridgeLog, BridgeReports } from './bridge-reports.ts'
import { InvalidExportError } from './invalid-export-error.ts'
import type { SpanBatch } from './span-batch.ts'
import { translateExport } from './translate-export.ts'

export interface MessagePorts {
  readonly reports: Pick<
    BridgeReports,
    'invalidSpans' | 'messageTaken' | 'ownStreamSpans' | 'spansDropped' | 'spansReceived'
  >
  readonly log: BridgeLog
  /** Says whether there was room. */
  readonly offer: (batch: SpanBatch) => boolean
}

/**
 * Gives what takes the messages of one stream of spans, in order. It never throws: a message that is none is counted
 * and told, and the stream goes on, as the next message may be better and a stream that ends costs the client's spans.
 */
export function takeMessages({ reports, log, offer }: MessagePorts): (message: Buffer) => void {
  const stream = newAgentStream()
  return (message) => {
    try {
      // As plain bytes: `slice` of a Buffer is no copy, and what is remembered of a stream must not keep messages alive.
      const bytes = new Uint8Array(message.buffer, message.byteOffset, message.byteLength)
      const { batches, received, ownStreamSpans, invalidSpans } = translateExport(stream, bytes)
      reports.messageTaken('trace-export', 'ok')
      reports.spansReceived(received)
      if (ownStreamSpans > 0) reports.ownStreamSpans(ownStreamSpans)
      if (invalidSpans > 0) {
        reports.invalidSpans(invalidSpans)
        log.warn({ invalidSpans }, 'spans that break a rule of the protocol were left out')
      }
      const refused = batches.filter((batch) => !offer(batch)).reduce((sum, { spans }) => sum + spans, 0)
      if (refused > 0) {
        reports.spansDropped('queue-full', refused)
        log.warn({ reason: 'queue-full', spans: refused }, 'spans dropped')
      }
    } catch (err) {
      reports.messageTaken('trace-export', 'invalid')
      if (err instanceof InvalidExportError) log.warn({ because: err.message }, 'message that is none of OpenCensus')
      else log.error({ err }, 'message could not be taken')
    }
  }
}
