import { type DestinationStream, type Logger, pino } from 'pino'

/** What the log can say; a pino logger fits. */
export type Log = Pick<Logger, 'info' | 'warn' | 'error' | 'debug'>

/**
 * Takes a level and a stream, gives a logger that writes one JSON object a line to it. No host name and pid: the
 * cluster's log collector knows the Pod better.
 */
export function createLogger(level: string, stream: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      // `"level":"info"` is what log collectors and people read; pino's own numbers need a table.
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  )
}
