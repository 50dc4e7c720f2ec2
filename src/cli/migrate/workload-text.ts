/** As many as a person reads. */
const MAX_SHOWN = 10

/** Takes names, gives them for a sentence, no more than a person reads. Pure. */
export function shortened(names: readonly string[]): string {
  const left = names.length - MAX_SHOWN
  return `${names.slice(0, MAX_SHOWN).join(', ')}${left > 0 ? `, and ${left} more` : ''}`
}

/** Takes how many workloads, gives it in words. Pure. */
export function countText(count: number): string {
  return count === 1 ? '1 workload' : `${count} workloads`
}
