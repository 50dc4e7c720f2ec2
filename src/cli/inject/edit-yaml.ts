import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type ParsedNode,
  Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import { isJsonObject, type JsonObject } from '../../injection/json.ts'
import type { PatchOperation } from '../../injection/pod-patch.ts'
import { disownAll, findPair, nodeAt, ownPlace, type Place } from './yaml-pointer.ts'

/**
 * Applies JSON Patch operations to a YAML tree, in place. What an operation does not name keeps its comments, order
 * and style; what it replaces keeps the comments around it. Throws when an operation does not fit the tree.
 */
export function editYaml(document: Document, operations: readonly PatchOperation[]): void {
  for (const operation of operations) {
    const place = ownPlace(document, operation.path)
    if (operation.op === 'remove') remove(document, place)
    else if (operation.op === 'add' && isSeq(place.parent)) {
      insert(place.parent, place.key, newNode(document, operation.value))
    } else setValue(document, place, operation.value)
  }
}

function remove(document: Document, { parent, key }: Place): void {
  const node = nodeAt({ parent, key })
  if (node !== undefined) disownAll(document, node)
  if (isSeq(parent)) parent.items.splice(Number(key), 1)
  else if (isMap(parent)) parent.delete(key)
}

function insert(list: YAMLSeq, key: string, node: Node): void {
  // An empty list is written `[]`; what comes into it is written like everything else.
  if (list.items.length === 0) list.flow = false
  list.items.splice(key === '-' ? list.items.length : Number(key), 0, node)
}

function setValue(document: Document, place: Place, value: unknown): void {
  const old = nodeAt(place)
  if (old !== undefined) disownAll(document, old)
  if (isMap(old) && isJsonObject(value)) {
    setMembers(document, old, value)
    return
  }
  if (isScalar(old) && typeof old.value === 'string' && typeof value === 'string') {
    old.value = value
    quoteWhenMistakable(old)
    return
  }
  const node = newNode(document, value)
  if (old !== undefined) keepComments(old, node)
  if (isSeq(place.parent)) place.parent.items[Number(place.key)] = node
  else if (isMap(place.parent)) setPair(document, place.parent, { key: place.key, node })
}

/** Member by member, so that those that are the same keep their text. A merge key goes, what it gave is written out. */
function setMembers(document: Document, map: YAMLMap, value: JsonObject): void {
  for (const pair of [...map.items]) {
    if (!Object.hasOwn(value, String(pair.key))) map.delete(pair.key)
  }
  for (const [key, member] of Object.entries(value)) {
    const before = nodeAt({ parent: map, key })?.toJS(document)
    if (JSON.stringify(before) !== JSON.stringify(member)) setValue(document, { parent: map, key }, member)
  }
}

function setPair(document: Document, map: YAMLMap, { key, node }: { key: string; node: Node }): void {
  if (map.items.length === 0) map.flow = false
  const pair = findPair(map, key)
  if (pair === undefined) map.add(document.createPair(key, node))
  else pair.value = node
}

function keepComments(old: Node, node: Node): void {
  for (const name of ['commentBefore', 'comment', 'spaceBefore'] as const) {
    if ('items' in node && name === 'comment') continue // behind a list it would stand at its end
    const value = old[name]
    if (value !== undefined) Object.assign(node, { [name]: value })
  }
}

/**
 * Text that YAML 1.1 (which kubectl reads) or a hasty reader takes for something else than text is quoted:
 * `yes`, `on`, `1_000`, `0777`, `12:30`.
 */
const LOOKS_OTHERWISE = /^(?:[-+.]?\d|[yn]$|yes$|no$|on$|off$)/i

function newNode(document: Document, value: unknown): Node {
  const node = document.createNode(value, { aliasDuplicateObjects: false }) as Node
  visit(node as ParsedNode, {
    Scalar: (_key, scalar) => quoteWhenMistakable(scalar),
  })
  return node
}

function quoteWhenMistakable(scalar: Scalar): void {
  const isPlain = scalar.type === undefined || scalar.type === Scalar.PLAIN
  if (isPlain && typeof scalar.value === 'string' && LOOKS_OTHERWISE.test(scalar.value)) {
    scalar.type = Scalar.QUOTE_DOUBLE
  }
}
