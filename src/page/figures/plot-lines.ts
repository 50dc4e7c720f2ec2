/** What a plot shows: some figures, in the same steps of time. */
export interface PlotLines {
  readonly title: string
  /** Where each step begins, in milliseconds since 1970. */
  readonly startMs: readonly number[]
  readonly lines: readonly PlotLine[]
}

export interface PlotLine {
  readonly label: string
  /** Null where there is nothing; as many as there are steps. */
  readonly valuesUs: readonly (number | null)[]
}
