import { createInterface } from 'node:readline'
import type { CliContext } from './context.ts'
import { printable } from './printable.ts'
import { isTerminal } from './terminal.ts'

export interface Confirmation {
  /** What is about to be done, as a question that yes or no answers. */
  readonly question: string
  /** Whether it was said beforehand: `--yes`. */
  readonly isConfirmed: boolean
}

/**
 * Takes a question, gives whether the answer is yes. A person is asked on a terminal, on stderr, for stdout belongs to what is
 * printed; where nobody can be asked this throws a sentence. No answer, as at Ctrl-D, is a no.
 */
export async function confirmChange(
  { stdin, stderr }: Pick<CliContext, 'stdin' | 'stderr'>,
  { question, isConfirmed }: Confirmation,
): Promise<boolean> {
  if (isConfirmed) return true
  if (!isTerminal(stdin) || !isTerminal(stderr))
    throw new Error(`${question} Nobody can be asked here: --yes says so, --dry-run only shows it; nothing was changed`)
  stderr.write(`${printable(question)} [y/N] `)
  const lines = createInterface({ input: stdin })
  const answer = await new Promise<string>((resolve) => {
    lines.once('line', resolve)
    lines.once('close', () => resolve(''))
  })
  lines.close()
  // A process whose stdin is still read does not end.
  stdin.pause()
  return ['y', 'yes'].includes(answer.trim().toLowerCase())
}
