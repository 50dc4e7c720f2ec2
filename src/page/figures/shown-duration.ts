/** Takes microseconds, gives them with three digits and a unit that fits; a dash for none. Pure. */
export function shownDuration(us: number | null | undefined): string {
  if (us === null || us === undefined) return '–'
  // Before the unit is chosen: 999.6 ms are 1 s, and not 1000 ms.
  const rounded = Number(us.toPrecision(3))
  if (rounded < 1_000) return `${rounded} µs`
  return rounded < 1_000_000 ? `${rounded / 1_000} ms` : `${rounded / 1_000_000} s`
}
