/** What a question of the page is answered with: a report, or why there is none. */
export type Answer<Report> = { readonly report: Report } | { readonly problem: Problem }

/** Something that is missing, and how to get it. */
export interface Problem {
  readonly sentence: string
  /** To be pasted into a shell. */
  readonly commands: readonly string[]
}
