/** Chance that a seed tells the whole of: a case that failed is made again by its seed alone. */
export interface Random {
  /** From 0 to 1, without 1. */
  part(): number
  /** A whole number from 0 to `limit`, without it. */
  below(limit: number): number
  oneOf<T>(items: readonly T[]): T
}

/** Takes a seed, gives its sequence: mulberry32, small and the same everywhere. */
export function randomOf(seed: number): Random {
  let state = seed
  const part = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(part() * limit)
  return { part, below, oneOf: <T>(items: readonly T[]) => items[below(items.length)] as T }
}
