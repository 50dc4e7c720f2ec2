/** Takes microseconds, gives them for a person: three digits and a unit that fits; a dash where there is no figure (NaN). Pure. */
export function shownDuration(us: number): string {
  if (Number.isNaN(us)) return '-'
  // Before the unit is chosen: 999.6 ms are 1 s, and not 1000 ms.
  const rounded = Math.abs(us) < 1_000 ? Math.round(us) : Number(us.toPrecision(3))
  if (Math.abs(rounded) < 1_000) return `${rounded} µs`
  return Math.abs(rounded) < 1_000_000 ? `${rounded / 1_000} ms` : `${rounded / 1_000_000} s`
}
