import { printable } from './printable.ts'

/** One line on a terminal that says how far something is. */
export interface ProgressLine {
  /** Shows how far it is, in place of what was shown before; nothing in the first second. */
  readonly show: (text: string) => void
  readonly clear: () => void
}

export interface ProgressParts {
  readonly write: (text: string) => void
  readonly isTerminal: boolean
  /** In milliseconds, of a clock that is never set. */
  readonly now: () => number
}

/** What is done within a second needs no word. */
const SILENT_MS = 1_000
/** Faster than this nobody reads, and a terminal over a slow line would hold the work up. */
const APART_MS = 100
const ERASE = '\r\u001b[K'
/** A line that wraps cannot be erased. */
const MAX_SHOWN = 76

/** Takes what writes, gives a line of progress; nothing at all where there is no terminal. */
export function createProgressLine({ write, isTerminal, now }: ProgressParts): ProgressLine {
  const start = now()
  let shownAt: number | undefined
  return {
    show: (text) => {
      const time = now()
      if (!isTerminal || time - start < SILENT_MS || time - (shownAt ?? 0) < APART_MS) return
      const line = printable(text)
      write(`${ERASE}${line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}…` : line}`)
      shownAt = time
    },
    clear: () => {
      if (shownAt !== undefined) write(ERASE)
      shownAt = undefined
    },
  }
}
