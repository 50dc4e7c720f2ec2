import type { Check, CheckCategory, CheckOutcome } from './check.ts'

/** A line of the output. */
export interface CheckLine {
  readonly description: string
  readonly hint: string
  readonly result: 'success' | 'warning' | 'error'
  /** Behind the description, of a success. */
  readonly detail?: string | undefined
  /** What is the matter, of all others. */
  readonly because?: string | undefined
}

export interface CheckedCategory {
  readonly name: string
  readonly lines: readonly CheckLine[]
}

export interface CheckReport {
  /** Warnings are no failure. */
  readonly success: boolean
  readonly categories: readonly CheckedCategory[]
}

export interface CheckRun<Context> {
  readonly categories: readonly CheckCategory<Context>[]
  readonly context: Context
  /** Gives the context of this moment, for another try. */
  readonly renew: (context: Context) => Context
  /** For how long what may still come true is tried again, in all. */
  readonly waitMs: number
  readonly clock: Clock
  /** Told of each line as soon as it is there, and of each that is waited for. */
  readonly onLine: (category: string, line: CheckLine) => void
  readonly onWaiting: (line: CheckLine) => void
}

export interface Clock {
  /** In milliseconds, of a clock that is never set. */
  readonly now: () => number
  readonly pause: (ms: number) => Promise<void>
}

/** Between two tries: an injector that starts takes seconds, and each try costs the API server some ten requests. */
const PAUSE_MS = 2_000

/** Runs checks one after the other, gives what each found. A check that throws could not be made; nothing is thrown. */
export async function runChecks<Context>(run: CheckRun<Context>): Promise<CheckReport> {
  const state: State<Context> = { context: run.context, deadline: run.clock.now() + run.waitMs }
  const found: { readonly category: string; readonly line: CheckLine }[] = []
  for (const { category, check } of run.categories.flatMap(inCategory)) {
    const line = await settle(run, check, state)
    if (line === undefined) continue
    run.onLine(category, line)
    found.push({ category, line })
    if (check.isFatal === true && line.result === 'error') break
  }
  const names = [...new Set(found.map(({ category }) => category))]
  return {
    success: found.every(({ line }) => line.result !== 'error'),
    categories: names.map((name) => ({
      name,
      lines: found.filter(({ category }) => category === name).map(({ line }) => line),
    })),
  }
}

function inCategory<Context>({ name, checks }: CheckCategory<Context>): { category: string; check: Check<Context> }[] {
  return checks.map((check) => ({ category: name, check }))
}

interface State<Context> {
  readonly deadline: number
  /** What a try has seen anew, the checks after it see too. */
  context: Context
}

/** Gives the check's line, once it is fine or waiting does not help any more; undefined when there is none. */
async function settle<Context>(
  { clock, renew, onWaiting }: CheckRun<Context>,
  check: Check<Context>,
  state: State<Context>,
): Promise<CheckLine | undefined> {
  for (;;) {
    const outcome = await outcomeOf(check, state.context)
    if (outcome.result === 'omitted') return undefined
    const line = lineOf(check, outcome)
    const mayHelp = 'mayChange' in outcome && outcome.mayChange === true && clock.now() < state.deadline
    if (!mayHelp) return line
    onWaiting(line)
    await clock.pause(Math.min(PAUSE_MS, state.deadline - clock.now()))
    state.context = renew(state.context)
  }
}

async function outcomeOf<Context>(check: Check<Context>, context: Context): Promise<CheckOutcome> {
  try {
    return await check.run(context)
  } catch (error) {
    // A right that is missing, a connection that broke: whoever checks is told, and nothing is called well.
    return { result: 'unchecked', because: (error as Error).message }
  }
}

function lineOf<Context>(
  { description, hint }: Check<Context>,
  outcome: Exclude<CheckOutcome, { result: 'omitted' }>,
): CheckLine {
  if (outcome.result === 'success') return { description, hint, result: 'success', detail: outcome.detail }
  if (outcome.result !== 'unchecked') return { description, hint, result: outcome.result, because: outcome.because }
  return { description, hint, result: 'warning', because: `could not be checked: ${outcome.because}` }
}
