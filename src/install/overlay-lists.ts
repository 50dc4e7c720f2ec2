import { isDeepStrictEqual } from 'node:util'
import type { ConfigMap, ConfigValue } from './component-config.ts'
import { isList, isMap } from './overlay-shapes.ts'

/** What of an operation on a list could not be done; `key` names the part of the operation. */
export interface ListFault {
  readonly key: string
  readonly value: ConfigValue
  readonly rule: string
}

/** In this order they are done; a map knows `$remove` too. */
const OPERATIONS = ['$remove', '$prepend', '$append', '$before', '$after']

/** Takes a map of an overlay, tells whether it has an operation that only lists know. */
export function hasListOperation(overlay: ConfigMap): boolean {
  return Object.keys(overlay).some((key) => key !== '$remove' && OPERATIONS.includes(key))
}

/** A list after operations, and what of them could not be done. */
export interface ChangedList {
  readonly list: ConfigValue[]
  readonly faults: ListFault[]
}

/**
 * Takes a list and operations on it, gives the list that they make and what could not be done. Whatever an operation
 * names is taken out first: an item that is there already moves, and the same operations twice are as good as once.
 */
export function overlaidList(base: readonly ConfigValue[], operations: ConfigMap): ChangedList {
  const faults: ListFault[] = Object.entries(operations)
    .filter(([key]) => !OPERATIONS.includes(key))
    .map(([key, value]) => ({ key, value, rule: `is none of ${OPERATIONS.join(', ')}` }))
  const [remove, prepend, append] = ['$remove', '$prepend', '$append'].map((key) =>
    itemsOf(faults, key, operations[key]),
  )
  const beside = ['$before', '$after'].flatMap((key) => besides(faults, key, operations[key]))
  const named = [remove, prepend, append, ...beside.map(({ items }) => items)].flatMap((items = []) => items)
  const list = base.filter((item) => !has(named, item))
  insert(list, 0, prepend)
  insert(list, list.length, append)
  for (const { path, anchor, offset, items } of beside) {
    const at = list.indexOf(anchor)
    if (at === -1) faults.push({ key: path, value: [...items], rule: `must stand beside one of: ${namesIn(list)}` })
    else insert(list, at + offset, items)
  }
  return { list, faults }
}

interface Beside {
  readonly path: string
  readonly anchor: string
  readonly offset: 0 | 1
  readonly items: readonly ConfigValue[]
}

function besides(faults: ListFault[], key: string, anchors: ConfigValue = {}): Beside[] {
  if (!isMap(anchors)) {
    faults.push({ key, value: anchors, rule: 'must be a map from an item of the list to a list of new items' })
    return []
  }
  return Object.entries(anchors).map(([anchor, value]) => {
    const path = `${key}.${anchor}`
    return { path, anchor, offset: key === '$before' ? 0 : 1, items: itemsOf(faults, path, value) }
  })
}

function itemsOf(faults: ListFault[], key: string, value: ConfigValue = []): readonly ConfigValue[] {
  if (isList(value)) return value
  faults.push({ key, value, rule: 'must be a list' })
  return []
}

function insert(list: ConfigValue[], at: number, items: readonly ConfigValue[] = []): void {
  const missing = items.filter((item, index) => !has(list, item) && !has(items.slice(0, index), item))
  list.splice(at, 0, ...missing)
}

function has(list: readonly ConfigValue[], item: ConfigValue): boolean {
  return list.some((present) => isDeepStrictEqual(present, item))
}

function namesIn(list: readonly ConfigValue[]): string {
  return list.filter((item) => typeof item === 'string').join(', ') || 'nothing'
}
