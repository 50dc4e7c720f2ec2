/** What a check found. Not to be able to look is no success: `unchecked` is shown as a warning. */
export type CheckOutcome =
  | { readonly result: 'success'; readonly detail?: string }
  | ({ readonly result: 'warning' | 'error' | 'unchecked' } & Finding)
  /** There is nothing to check here, so nothing is shown. */
  | { readonly result: 'omitted' }

interface Finding {
  /** What is the matter, and what to do about it, in a sentence or a few lines. */
  readonly because: string
  /** Whether waiting may help: it is tried again until `--wait` is over. */
  readonly mayChange?: boolean
}

/** One line of the output. `Context` is whatever its checks look at. */
export interface Check<Context> {
  readonly description: string
  /** Its section in docs/checks.md. */
  readonly hint: string
  /** Where it fails nothing else is worth asking. */
  readonly isFatal?: boolean
  readonly run: (context: Context) => Promise<CheckOutcome>
}

export interface CheckCategory<Context> {
  readonly name: string
  readonly checks: readonly Check<Context>[]
}

/** Gives the outcome that all is well; `detail` is shown behind the description. */
export function success(detail?: string): CheckOutcome {
  return detail === undefined ? { result: 'success' } : { result: 'success', detail }
}

/** Takes what is wrong, gives the outcome that has `check` fail. */
export function failure(because: string): CheckOutcome {
  return { result: 'error', because }
}

/** The same for what may come true by itself. */
export function failureForNow(because: string): CheckOutcome {
  return { result: 'error', because, mayChange: true }
}

/** Takes what is odd and does no harm yet, gives the outcome. */
export function warning(because: string): CheckOutcome {
  return { result: 'warning', because }
}

/** Takes why a check cannot be made here, gives the outcome. */
export function unchecked(because: string): CheckOutcome {
  return { result: 'unchecked', because }
}

/** Gives the outcome of a check that does not apply. */
export function omitted(): CheckOutcome {
  return { result: 'omitted' }
}

/** Takes what is wrong, line by line: fails with all of it, or gives the success. */
export function failureUnlessEmpty(problems: readonly string[], detail?: string): CheckOutcome {
  return problems.length === 0 ? success(detail) : failure(problems.join('\n'))
}
