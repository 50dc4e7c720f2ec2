import { parseAllDocuments } from 'yaml'
import { identityKey, identityOf } from '../../scripts/manifests/object-identity.ts'
import type { Manifest } from '../../src/install/webhook-configurations.ts'

/** Objects by what tells them apart; two sets are equal in whatever order they came. */
export type ObjectSet = Readonly<Record<string, Manifest>>

/** Takes objects, gives them as a set. Throws when one is there twice: whoever applies them would lose the first. */
export function objectSet(objects: readonly Manifest[]): ObjectSet {
  const entries = objects.map((object) => [identityKey(identityOf(object)), object] as const)
  const keys = entries.map(([key]) => key)
  const twice = keys.find((key, index) => keys.indexOf(key) !== index)
  if (twice !== undefined) throw new Error(`${twice} is there twice`)
  return Object.fromEntries(entries)
}

/** Takes YAML, gives its objects; documents of nothing but comments are none. */
export function parseObjects(text: string): Manifest[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS({ maxAliasCount: -1 }) as Manifest | null)
    .filter((object) => object !== null)
}
