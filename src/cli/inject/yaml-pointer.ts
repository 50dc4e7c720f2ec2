import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isSeq,
  type Node,
  type ParsedNode,
  visit,
  type YAMLMap,
} from 'yaml'

/** A collection on the way to an edit, and the key in it. */
export interface Place {
  readonly parent: Node
  readonly key: string
}

/**
 * Takes a JSON Pointer (RFC 6901), gives the collection that it ends in and the last key. On the way everything that
 * the document shares is made its place's own: an alias becomes a copy of what it stands for, an anchored node's
 * aliases become copies of it as it is, a merged key is written out. An edit below can so change nothing else.
 */
export function ownPlace(document: Document, pointer: string): Place {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
  const last = keys.pop()
  if (last === undefined || !isNode(document.contents)) throw new Error(`no place in the document: ${pointer}`)
  disown(document, document.contents)
  let parent: Node = document.contents
  for (const key of keys) parent = ownChild(document, { parent, key })
  return { parent, key: last }
}

/** Makes copies of all that aliases elsewhere take from a node or from below it, so that it may be changed or removed. */
export function disownAll(document: Document, node: Node): void {
  visit(node as ParsedNode, { Node: (_key, child) => disown(document, child) })
}

/** Takes a place, gives the node there; undefined when there is none, or when it comes from a merge key only. */
export function nodeAt({ parent, key }: Place): Node | undefined {
  if (isSeq(parent)) return asNode(parent.items[Number(key)])
  if (isMap(parent)) return asNode(findPair(parent, key)?.value)
  return undefined
}

/** Takes a mapping and a key, gives the pair; keys are compared as text, as in JSON. */
export function findPair(map: YAMLMap, key: string) {
  return map.items.find((pair) => String(isPair(pair) ? pair.key : '') === key)
}

function ownChild(document: Document, place: Place): Node {
  const child = nodeAt(place) ?? writeOutMerged(document, place)
  const target = isAlias(child) ? child.resolve(document) : child
  if (target === undefined) throw new Error(`nothing is at the key ${place.key}`)
  if (isAlias(child)) return put(place, copyOf(target))
  disown(document, target)
  return target
}

function put({ parent, key }: Place, node: Node): Node {
  if (isSeq(parent)) parent.items[Number(key)] = node
  else if (isMap(parent)) parent.set(key, node)
  return node
}

function writeOutMerged(document: Document, place: Place): Node | undefined {
  const found = isMap(place.parent) ? findMerged(document, place.parent, place.key) : undefined
  return found === undefined ? undefined : put(place, copyOf(found))
}

/** Of several merged mappings the first that has the key counts; they may merge others themselves. */
function findMerged(document: Document, map: YAMLMap, key: string): Node | undefined {
  for (const source of mergedMaps(document, map)) {
    const found = nodeAt({ parent: source, key }) ?? findMerged(document, source, key)
    if (found !== undefined) return found
  }
  return undefined
}

function mergedMaps(document: Document, map: YAMLMap): YAMLMap[] {
  return map.items
    .filter((pair) => String(pair.key) === '<<' || String(pair.key) === 'Symbol(<<)')
    .flatMap((pair) => {
      const value = resolve(document, pair.value)
      return isSeq(value) ? value.items.map((item) => resolve(document, item)) : [value]
    })
    .filter((value) => isMap(value))
}

function resolve(document: Document, value: unknown): unknown {
  return isAlias(value) ? value.resolve(document) : value
}

/** An anchored node stops being shared: its aliases become copies, its anchor goes. */
function disown(document: Document, node: Node): void {
  if (isAlias(node) || !('anchor' in node) || node.anchor === undefined) return
  const { anchor } = node
  const aliases = new Set<Node>()
  visit(document, {
    Alias: (_key, alias) => {
      if (alias.source === anchor && alias.resolve(document) === node) aliases.add(alias)
    },
  })
  visit(document, { Alias: (_key, alias) => (aliases.has(alias) ? copyOf(node) : undefined) })
  delete node.anchor
}

/** A deep copy without anchors: what it holds of aliases still points to the originals, which stay. */
function copyOf(node: Node): Node {
  const copy = node.clone() as Node
  visit(copy as ParsedNode, {
    Node: (_key, child) => {
      if ('anchor' in child) delete child.anchor
    },
  })
  return copy
}

function isNode(value: unknown): value is Node {
  return isCollection(value)
}

function asNode(value: unknown): Node | undefined {
  return value === null ? undefined : (value as Node | undefined)
}
