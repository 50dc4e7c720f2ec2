import { writeSync } from 'node:fs'
import type { DestinationStream } from 'pino'

/** Bytes that are written at once, and how long fewer wait: a write of each line costs more than the line. */
const TOGETHER = 4096
const WAIT_MS = 100

/** What waits for a reader that has stopped; beyond it lines are dropped. The webhook shall neither wait nor grow for a log. */
const MOST_WAITING = 4 * 1024 * 1024

/** How often, and after what pause, a full pipe is tried again when the process exits. */
const LAST_TRIES = 20
const LAST_PAUSE_MS = 10

/** Whoever tells that the process exits. */
export interface ExitSource {
  on(event: 'exit', listener: () => void): unknown
}

/**
 * Takes the stream that a log is for, gives what its lines are written to. A stream of the process (one with a file
 * descriptor) gets some lines at once; what waits is written when the process exits, and lost when it is killed. Any other
 * stream gets each line as it comes. Our own, as sonic-boom 4.2, which pino has for this, never lets a process exit whose
 * reader has gone or whose disk is full: its last flush repeats for ever.
 */
export function logDestination(stream: DestinationStream, exits: ExitSource): DestinationStream {
  const { fd } = stream as { fd?: unknown }
  if (typeof fd !== 'number') return stream
  const lines = waitingLines(fd)
  let isPlanned = false
  const planFlush = (): void => {
    if (isPlanned) return
    isPlanned = true
    setTimeout(() => {
      isPlanned = false
      if (lines.bytes() > 0) lines.write()
      if (lines.bytes() > 0) planFlush()
    }, WAIT_MS)
  }
  exits.on('exit', () => {
    for (let tries = 0; tries < LAST_TRIES && lines.bytes() > 0; tries += 1) {
      if (!lines.write()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LAST_PAUSE_MS)
    }
  })
  return {
    write: (line) => {
      if (lines.bytes() > MOST_WAITING) return
      lines.add(line)
      if (lines.bytes() >= TOGETHER && !lines.isStopped()) lines.write()
      planFlush()
    },
  }
}

/** Lines on their way to a file descriptor, which is never waited for: Node has made a pipe of its own non-blocking. */
function waitingLines(fd: number) {
  let waiting = Buffer.alloc(0)
  let added = ''
  let isStopped = false
  return {
    add: (line: string) => {
      added += line
    },
    /** About: what is not ASCII has more bytes than characters. */
    bytes: () => waiting.length + added.length,
    /** Whether the reader took nothing the last time. */
    isStopped: () => isStopped,
    /** Writes what it can, gives whether anything went. */
    write: (): boolean => {
      waiting = Buffer.concat([waiting, Buffer.from(added)])
      added = ''
      try {
        waiting = waiting.subarray(writeSync(fd, waiting))
        isStopped = false
      } catch {
        // The pipe is full, or the disk, or the reader has gone: it is tried again.
        isStopped = true
      }
      return !isStopped
    },
  }
}
