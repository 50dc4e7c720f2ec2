import { printable } from '../printable.ts'
import { doStep, type StepParts } from './do-step.ts'
import type { Step } from './migration-plan.ts'

export interface AppliedMigration {
  readonly done: readonly Step[]
  /** What was left out, and why: a sentence for each. */
  readonly notes: readonly string[]
}

/** How far the steps are at a moment. */
export interface Applying {
  readonly done: readonly Step[]
  /** The one that is being done. */
  readonly begun: Step | undefined
  readonly left: readonly Step[]
}

export interface ApplyParts extends StepParts {
  /** Gives, in a sentence, why linkerd-jaeger’s collector is not to be removed yet; undefined when it is. */
  readonly removalObstacle: () => Promise<string | undefined>
  /** Told of each step that was done. */
  readonly tell: (line: string) => void
  readonly onApplying: (applying: Applying) => void
}

/** A step that could not be done; the message says which, what was done before, and what was not. */
export class MigrationStopped extends Error {
  override readonly name = 'MigrationStopped'
}

/** Takes steps in order, does one after the other, stops at the first that cannot be done. Throws MigrationStopped for that. */
export async function applySteps(steps: readonly Step[], parts: ApplyParts): Promise<AppliedMigration> {
  const done: Step[] = []
  const skipped: Step[] = []
  const notes = new Set<string>()
  // Asked once, before the first removal: afterwards there is nobody to send to. A dry run has restarted nobody.
  let obstacle: Promise<string | undefined> | undefined
  for (const [index, step] of steps.entries()) {
    const rest = steps.slice(index + 1)
    parts.onApplying({ done: [...done], begun: undefined, left: [...skipped, step, ...rest] })
    const isRemoval = step.needs.includes('remove-jaeger') && !parts.isDryRun
    if (isRemoval) obstacle ??= parts.removalObstacle()
    const because = isRemoval ? await obstacle : undefined
    if (because !== undefined) {
      notes.add(because)
      skipped.push(step)
      continue
    }
    parts.onProgress(step.title)
    const left = [...skipped, ...rest]
    parts.onApplying({ done: [...done], begun: step, left })
    await doStep(step.action, parts).catch((cause: Error) => {
      throw new MigrationStopped(stoppedText({ step, cause, done, left }), { cause })
    })
    done.push(step)
    parts.tell(`${parts.isDryRun ? 'would be done (dry run)' : 'done'}: ${step.title}`)
  }
  parts.onApplying({ done, begun: undefined, left: skipped })
  return { done, notes: [...notes] }
}

interface Stop {
  readonly step: Step
  readonly cause: Error
  readonly done: readonly Step[]
  readonly left: readonly Step[]
}

function stoppedText({ step, cause, done, left }: Stop): string {
  return printable(`failed to ${step.title}: ${cause.message}; ${doneText({ done, left })}`)
}

/** Takes steps that were done and others that were not, gives both in the end of a sentence. Pure. */
export function doneText({ done, left }: Pick<Applying, 'done' | 'left'>): string {
  const before = done.length === 0 ? 'nothing was done before' : `done before: ${titles(done)}`
  return left.length === 0 ? before : `${before}; not done: ${titles(left)}`
}

function titles(steps: readonly Step[]): string {
  return steps.map(({ title }) => title).join(', ')
}
