import type { ConfigMap, ConfigValue } from './component-config.ts'
import type { ConfigMistake } from './config-mistake.ts'
import { hasListOperation, overlaidList } from './overlay-lists.ts'
import { isList, isMap } from './overlay-shapes.ts'

/** A configuration after an overlay, and what of the overlay could not be laid over it. */
export interface Overlaid {
  readonly config: ConfigMap
  readonly mistakes: readonly ConfigMistake[]
}

/**
 * Takes a configuration and what a user lays over it; both stay as they are. Maps are merged key by key; a list or a
 * single value replaces the one below, and so nothing is ever merged by position. `$remove` in a map takes keys out;
 * in place of a list, `$append`, `$prepend`, `$before`, `$after` and `$remove` change the one below.
 * Laying the same twice over is as good as once.
 */
export function overlayConfig(base: ConfigMap, overlay: ConfigMap): Overlaid {
  const mistakes: ConfigMistake[] = []
  return { config: overlaidMap({ path: '', mistakes }, base, overlay), mistakes }
}

/** Where in the configuration something is laid over, and where mistakes are collected. */
interface Place {
  readonly path: string
  readonly mistakes: ConfigMistake[]
}

function overlaidMap(place: Place, base: ConfigMap, overlay: ConfigMap): ConfigMap {
  const removed = removedKeys(place, overlay)
  const kept = Object.entries(base).filter(([key]) => !removed.includes(key))
  const result = new Map(kept)
  for (const [key, value] of Object.entries(overlay)) {
    if (key === '$remove') continue
    const below = placeOf(place, key)
    if (key.startsWith('$')) below.mistakes.push({ path: below.path, value, rule: MAP_OPERATIONS })
    else result.set(key, overlaidValue(below, result.get(key), value))
  }
  // fromEntries defines keys, it does not assign: one named __proto__ is a key like any other
  return Object.fromEntries(result)
}

const MAP_OPERATIONS = 'is no operation on a map; the only one is $remove, with a list of keys'

function removedKeys(place: Place, { $remove: removed = [] }: ConfigMap): readonly ConfigValue[] {
  if (isList(removed)) return removed
  place.mistakes.push({ path: placeOf(place, '$remove').path, value: removed, rule: 'must be a list of keys' })
  return []
}

function overlaidValue(place: Place, base: ConfigValue | undefined, overlay: ConfigValue): ConfigValue {
  // an empty component is often written as nothing; anything may be laid over it
  if (base === undefined || base === null) return overNothing(place, overlay)
  if (isMap(base) && isMap(overlay)) return overlaidMap(place, base, overlay)
  if (isList(base) && isMap(overlay)) return changedList(place, base, overlay)
  if (overlay !== null && kindOf(base) === kindOf(overlay)) return overlay
  place.mistakes.push({ path: place.path, value: overlay, rule: overlay === null ? NOTHING : MUST_BE[kindOf(base)] })
  return base
}

function overNothing(place: Place, overlay: ConfigValue): ConfigValue {
  if (!isMap(overlay)) return overlay
  return hasListOperation(overlay) ? changedList(place, [], overlay) : overlaidMap(place, {}, overlay)
}

const NOTHING = 'says neither what to set nor what to remove; to remove it name it in $remove, one level above'

const MUST_BE = {
  map: 'must be a map, as what is there',
  list: 'must be a list, which replaces what is there, or a map of $append, $prepend, $before, $after, $remove',
  single: 'must be a single value, as what is there',
}

function kindOf(value: ConfigValue): keyof typeof MUST_BE {
  if (isList(value)) return 'list'
  return isMap(value) ? 'map' : 'single'
}

function changedList(place: Place, base: readonly ConfigValue[], overlay: ConfigMap): ConfigValue {
  const { list, faults } = overlaidList(base, overlay)
  place.mistakes.push(...faults.map(({ key, ...fault }) => ({ path: placeOf(place, key).path, ...fault })))
  return list
}

function placeOf({ path, mistakes }: Place, key: string): Place {
  return { path: path === '' ? key : `${path}.${key}`, mistakes }
}
