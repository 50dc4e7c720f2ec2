import { printable } from '../printable.ts'
import type { CheckLine } from './run-checks.ts'

export interface WaitingLine {
  /** Shows what is waited for, in place of what was shown before. */
  readonly show: (line: CheckLine) => void
  readonly clear: () => void
}

const ERASE = '\r\u001b[K'
/** A line that wraps cannot be erased. */
const MAX_SHOWN = 76

/** Takes what writes, gives one line that says what is waited for; nothing at all where there is no terminal. */
export function createWaitingLine(write: (text: string) => void, isTerminal: boolean): WaitingLine {
  let isShown = false
  return {
    show: ({ description, because = '' }) => {
      if (!isTerminal) return
      const text = printable(`waiting: ${description} (${because.split('\n')[0]}`)
      write(`${ERASE}${text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text})`)
      isShown = true
    },
    clear: () => {
      if (isShown) write(ERASE)
      isShown = false
    },
  }
}
