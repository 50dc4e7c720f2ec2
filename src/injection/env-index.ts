import { isJsonObject, type JsonObject, textOf } from './json.ts'

/** A container's variables, with the places of each name: some twenty are asked for, and a list may have thousands. */
export interface EnvIndex {
  readonly list: readonly unknown[]
  /** Places of all entries with that name, in order. */
  readonly placesOf: (name: string) => readonly number[]
  /** The entries themselves. */
  readonly entriesOf: (name: string) => JsonObject[]
}

const NOWHERE: readonly number[] = []

/** Takes a list of variables as it stands in a Pod, gives its index. */
export function indexEnv(list: readonly unknown[]): EnvIndex {
  // Nearly every name stands once: a list for each would cost more than the rest.
  const places = new Map<string, number | number[]>()
  for (let index = 0; index < list.length; index++) {
    const entry = list[index]
    const name = isJsonObject(entry) ? textOf(entry, 'name') : undefined
    if (name === undefined) continue
    const known = places.get(name)
    if (known === undefined) places.set(name, index)
    else if (typeof known === 'number') places.set(name, [known, index])
    else known.push(index)
  }
  const placesOf = (name: string) => {
    const known = places.get(name) ?? NOWHERE
    return typeof known === 'number' ? [known] : known
  }
  return { list, placesOf, entriesOf: (name) => placesOf(name).map((index) => list[index] as JsonObject) }
}
