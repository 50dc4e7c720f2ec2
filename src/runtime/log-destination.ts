import { type DestinationStream, pino } from 'pino'

/** Lines wait until they are this many bytes together, and no longer than `FLUSH_MS`: a write of each costs more than the line. */
const TOGETHER = 4096
const FLUSH_MS = 100

/** What waits for a reader that has stopped; beyond it lines are dropped. The webhook shall neither wait nor grow for a log. */
const MOST_WAITING = 4 * 1024 * 1024

/**
 * Takes the stream that a log is for, gives what its lines are written to. A stream of the process (one with a file
 * descriptor) is written in the background, some lines at once; what waits is written when the process exits, and lost
 * when it is killed. Any other stream gets each line as it comes.
 */
export function logDestination(stream: DestinationStream): DestinationStream {
  const { fd } = stream as { fd?: unknown }
  if (typeof fd !== 'number') return stream
  const options = { fd, sync: false, minLength: TOGETHER, periodicFlush: FLUSH_MS, maxLength: MOST_WAITING }
  const destination = pino.destination(options)
  // A disk that is full must not end the webhook.
  destination.on('error', () => {})
  return destination
}
