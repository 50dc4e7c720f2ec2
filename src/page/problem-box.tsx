import type { JSX } from 'preact'
import { CopyCommand } from './copy-command.tsx'
import type { Problem } from './reports/answer.ts'

/** What is missing, and the commands that get it. */
export function ProblemBox({ problem }: { readonly problem: Problem }): JSX.Element {
  return (
    <div class="problem" role="alert">
      <p>{problem.sentence}</p>
      {problem.commands.map((command) => (
        <CopyCommand key={command} command={command} />
      ))}
    </div>
  )
}

/** What could not be found out, each a sentence; nothing where there is none. */
export function Notes({ notes }: { readonly notes: readonly string[] }): JSX.Element | null {
  if (notes.length === 0) return null
  return (
    <ul class="notes" aria-label="Notes">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  )
}
