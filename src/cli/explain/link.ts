/** What became of one link of the way from the label to the span. */
export type LinkOutcome =
  | { readonly result: 'ok'; readonly detail?: string | undefined }
  /** It holds, and something about it is not as a person would think. */
  | ({ readonly result: 'odd' | 'broken' } & Told)
  /** It could not be looked at, or there is nothing to look at before another link holds. */
  | { readonly result: 'unchecked'; readonly because: string }

interface Told {
  /** What is the matter: a sentence or a few lines. */
  readonly because: string
  /** What to do about it. */
  readonly advice: string
}

/** A link: its name in JSON, and what it says when it holds. Pure. */
export interface Link<Facts> {
  readonly name: string
  readonly title: string
  readonly judge: (facts: Facts) => LinkOutcome
}

/** A link that was judged. */
export interface JudgedLink {
  readonly name: string
  readonly title: string
  readonly outcome: LinkOutcome
}

/** Gives the outcome that a link holds; `detail` is shown behind its title. */
export function ok(detail?: string): LinkOutcome {
  return detail === undefined ? { result: 'ok' } : { result: 'ok', detail }
}

/** Takes why a link is broken and what to do, gives the outcome. */
export function broken(because: string, advice: string): LinkOutcome {
  return { result: 'broken', because, advice }
}

/** Takes what is strange about a link that holds, and what to do, gives the outcome. */
export function odd(because: string, advice: string): LinkOutcome {
  return { result: 'odd', because, advice }
}

/** Takes why nothing can be said of a link, gives the outcome. */
export function unchecked(because: string): LinkOutcome {
  return { result: 'unchecked', because }
}
