import type { Random } from './random.ts'

type Tree = Record<string, unknown> | unknown[]

/** A place in a JSON value: the object or list, and the key or index in it. */
interface Place {
  readonly holder: Tree
  readonly key: string
}

/** Values that are seldom where one expects another. */
const ODD = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  'x',
  '$(X)',
  '$$(_pod_ip)',
  '\u0000',
  '\ud800',
  'a\nb=c',
  '127.0.0.1:4317',
  'linkerd-proxy',
  [],
  {},
  [null],
  { a: { b: [] } },
  'y'.repeat(5000),
]
const ODD_KEYS = ['__proto__', 'constructor', 'toString', '', 'env', 'uid', 'name', 'managedFields', 'k'.repeat(5_000)]
const DEPTHS = [1, 3, 200, 2_000]

/**
 * Takes a JSON value that it may change and others to take pieces from; changes it in one place: another type, a piece of
 * another Pod, something missing, doubled, renamed, moved, or very deep. Gives the value, which is another where all of it
 * was replaced.
 */
export function mutateTree(value: unknown, others: readonly unknown[], random: Random): unknown {
  const place = randomPlace(value, random)
  if (place === undefined) return oddValue(random)
  random.oneOf(MUTATIONS)(place, others, random)
  return value
}

/**
 * The same, but changes only to what an API server may still accept: pieces of other Pods at the same kind of place, things
 * missing or doubled, other texts.
 */
export function mutateGently(value: unknown, others: readonly unknown[], random: Random): unknown {
  const place = randomPlace(value, random)
  if (place !== undefined) random.oneOf(GENTLE)(place, others, random)
  return value
}

/** A new one each time: what is changed afterwards is no other one's. */
function oddValue(random: Random): unknown {
  return copyOf(random.oneOf(ODD))
}

/** Each step down is by chance, so that a place near the root is as likely as all that is below it. */
function randomPlace(value: unknown, random: Random): Place | undefined {
  let place: Place | undefined
  let current = value
  while (isTree(current) && (place === undefined || random.part() > 0.12)) {
    const keys = Object.keys(current)
    if (keys.length === 0) break
    place = { holder: current, key: random.oneOf(keys) }
    current = read(place)
  }
  return place
}

type Mutation = (place: Place, others: readonly unknown[], random: Random) => void

const replace: Mutation = (place, _others, random) => write(place, oddValue(random))

const remove: Mutation = ({ holder, key }) => {
  if (Array.isArray(holder)) holder.splice(Number(key), 1)
  else delete holder[key]
}

const double: Mutation = ({ holder, key }, _others, random) => {
  const copy = copyOf(read({ holder, key }))
  if (Array.isArray(holder)) holder.splice(random.below(holder.length + 1), 0, copy)
  else write({ holder, key: `${key}2` }, copy)
}

const rename: Mutation = ({ holder, key }, _others, random) => {
  if (Array.isArray(holder)) return
  const value = read({ holder, key })
  delete holder[key]
  write({ holder, key: random.oneOf(ODD_KEYS) }, value)
}

const insert: Mutation = ({ holder }, _others, random) => {
  if (Array.isArray(holder)) holder.splice(random.below(holder.length + 1), 0, oddValue(random))
  else write({ holder, key: random.oneOf(ODD_KEYS) }, oddValue(random))
}

const swap: Mutation = ({ holder }, _others, random) => {
  if (!Array.isArray(holder)) return
  const [one, other] = [random.below(holder.length), random.below(holder.length)]
  const kept = holder[one]
  holder[one] = holder[other]
  holder[other] = kept
}

const wrap: Mutation = (place, _others, random) => {
  const isList = random.part() < 0.5
  let value = read(place)
  for (let depth = random.oneOf(DEPTHS); depth > 0; depth -= 1) value = isList ? [value] : { a: value }
  write(place, value)
}

const editText: Mutation = (place, _others, random) => {
  const text = read(place)
  if (typeof text !== 'string') return
  const at = random.below(text.length + 1)
  const inserted = random.oneOf(['', '$', '$(', '.', '-', ':1', 'é', '\u007f', ' ', '/', 'x'.repeat(300)])
  write(place, text.slice(0, at) + inserted + text.slice(at + random.below(3)))
}

/** A piece of another value that stands under the same key: a volume for a volume, an image for an image. */
const transplant: Mutation = (place, others, random) => {
  const wanted = Array.isArray(place.holder) ? undefined : place.key
  const found = pieceUnder(random.oneOf(others), wanted, random)
  if (found !== undefined) write(place, copyOf(found))
}

const append: Mutation = ({ holder, key }, others, random) => {
  const here = read({ holder, key })
  const found = pieceUnder(random.oneOf(others), key, random)
  if (Array.isArray(here) && Array.isArray(found) && found.length > 0) here.push(copyOf(random.oneOf(found)))
}

const MUTATIONS = [replace, remove, double, rename, insert, swap, wrap, editText, transplant, transplant, append]
const GENTLE = [remove, double, swap, editText, transplant, transplant, append, append]

/** A piece that stands under that key somewhere; none wanted: any piece. */
function pieceUnder(value: unknown, wanted: string | undefined, random: Random): unknown {
  for (let attempt = 0; attempt < 12; attempt += 1) {
    const found = walkDown(value, wanted, random)
    if (found !== undefined) return found
  }
  return undefined
}

/** Down the tree by chance, until the key fits; undefined when it ends before. */
function walkDown(value: unknown, wanted: string | undefined, random: Random): unknown {
  let current = value
  while (isTree(current)) {
    const keys = Object.keys(current)
    if (keys.length === 0) return undefined
    if (wanted !== undefined && Object.hasOwn(current, wanted)) return read({ holder: current, key: wanted })
    current = read({ holder: current, key: random.oneOf(keys) })
    if (wanted === undefined && random.part() < 0.3) return current
  }
  return undefined
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null
}

function read({ holder, key }: Place): unknown {
  return (holder as Record<string, unknown>)[key]
}

/** As JSON.parse does it: a key `__proto__` is a key like any other. */
function write({ holder, key }: Place, value: unknown): void {
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true })
}

/** What is deeper than structuredClone goes stays the same piece in both places. */
function copyOf(value: unknown): unknown {
  try {
    return structuredClone(value)
  } catch (error) {
    if (error instanceof RangeError) return value
    throw error
  }
}
