/** Takes microseconds, gives them with three digits and a unit that fits; a dash for none. Pure. */
export function shownDuration(us: number | null | undefined): string {
  if (us === null || us === undefined) return '–'
  if (us < 1_000) return `${Number(us.toPrecision(3))} µs`
  if (us < 1_000_000) return `${Number((us / 1_000).toPrecision(3))} ms`
  return `${Number((us / 1_000_000).toPrecision(3))} s`
}
