import type { CliContext } from './context.ts'
import { createProgressLine, type ProgressLine } from './progress-line.ts'
import { isTerminal } from './terminal.ts'

/** Takes stderr, gives its line of progress; stdout belongs to what is printed. */
export function progressOn(stderr: CliContext['stderr']): ProgressLine {
  const write = (text: string) => void stderr.write(text)
  return createProgressLine({ write, isTerminal: isTerminal(stderr), now: () => performance.now() })
}

/** Often enough for the line to come right after its first, silent second. */
const SHOW_EVERY_MS = 200

/** Takes work that may take long in one piece, and what to say meanwhile, gives what the work gives. */
export async function whileShowing<T>(progress: ProgressLine, text: string, work: () => Promise<T>): Promise<T> {
  const lasting = keepShowing(progress, text)
  try {
    return await work()
  } finally {
    lasting.clear()
  }
}

/** Takes a line and its first text, gives the line that has its last text again and again, also while nothing goes on; until it is cleared. */
export function keepShowing(progress: ProgressLine, first: string): ProgressLine {
  let last = first
  const timer = setInterval(() => progress.show(last), SHOW_EVERY_MS)
  return {
    show: (text) => {
      last = text
      progress.show(text)
    },
    clear: () => {
      clearInterval(timer)
      progress.clear()
    },
  }
}
