import type { Log } from './logger.ts'

type Level = 'warn' | 'error' | 'info'

/** A line of fields and a message. */
type WriteLine = (fields: object, message: string) => void

/** A stranger may cause as many lines as it likes: metrics count each time, the log says it now and then. */
const LINES_APART_MS = 10_000

/**
 * Takes a log, gives one that writes each message at most every ten seconds, however its fields differ; a line then says
 * how many of its kind were left out before it.
 */
export function sparingLog(log: Log, nowMs: () => number = () => performance.now()): Record<Level, WriteLine> {
  const kinds = new Map<string, { lastMs: number; leftOut: number }>()
  const sparingly =
    (level: Level): WriteLine =>
    (fields, message) => {
      const kind = kinds.get(message) ?? { lastMs: Number.NEGATIVE_INFINITY, leftOut: 0 }
      kinds.set(message, kind)
      if (nowMs() - kind.lastMs < LINES_APART_MS) {
        kind.leftOut += 1
        return
      }
      log[level](kind.leftOut === 0 ? fields : { ...fields, leftOut: kind.leftOut }, message)
      kind.lastMs = nowMs()
      kind.leftOut = 0
    }
  return { warn: sparingly('warn'), error: sparingly('error'), info: sparingly('info') }
}
