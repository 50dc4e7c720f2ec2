import type { JSX } from 'preact'
import { CopyCommand } from '../copy-command.tsx'
import type { Advice } from '../reports/coverage-report.ts'

/** What to do about a gap. */
export function AdviceCell({ advice: { command, sentence } }: { readonly advice: Advice }): JSX.Element {
  return (
    <>
      {command !== undefined && <CopyCommand command={command} />}
      {sentence !== undefined && <p>{sentence}</p>}
    </>
  )
}
