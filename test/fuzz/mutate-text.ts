import type { Random } from './random.ts'

const TOKENS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  'null',
  '1e999',
  '-',
  '01',
  '\\u0000',
  '\\ud800',
  '\\x',
  '\ufeff',
  ' ',
  '\n',
]
/** No UTF-8: a lone continuation, an overlong slash, half of a character, a surrogate, above the last code point, never used. */
const NO_UTF8 = [[0x80], [0xc0, 0xaf], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xff]]
/** Seldom, as it takes long, deeper than any recursion in an engine goes. */
const DEPTHS = [...Array<number>(28).fill(100), 10_000, 100_000]
const KEYS = ['__proto__', 'request', 'uid', 'object', 'metadata', 'spec', 'containers', 'managedFields', 'kind']

/**
 * Takes a body, gives it changed without regard for JSON: bytes, cut ends, tokens, keys that come twice, other encodings, huge
 * keys, nesting of any depth.
 */
export function mutateText(body: Buffer, random: Random): Buffer {
  return random.oneOf(MUTATIONS)(body, random)
}

type TextMutation = (body: Buffer, random: Random) => Buffer

const bytes: TextMutation = (body, random) => {
  const mutated = Buffer.from(body)
  for (let count = 1 + random.below(4); count > 0; count -= 1) mutated[random.below(mutated.length)] = random.below(256)
  return mutated
}

const cut: TextMutation = (body, random) => body.subarray(0, random.below(body.length))

const token: TextMutation = (body, random) =>
  spliced(body, random.below(body.length + 1), Buffer.from(random.oneOf(TOKENS)))

const noUtf8: TextMutation = (body, random) =>
  spliced(body, random.below(body.length + 1), Buffer.from(random.oneOf(NO_UTF8)))

const otherEncoding: TextMutation = (body, random) => {
  const text = body.toString('utf8')
  return random.part() < 0.5 ? Buffer.from(text, 'utf16le') : Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body])
}

/** Behind the comma or brace of a member: the same key again, or a key that matters, with another value. */
const twice: TextMutation = (body, random) => {
  const at = afterAny(body, '{,', random)
  const key = random.part() < 0.5 ? random.oneOf(KEYS) : keyAfter(body, at)
  const value = random.oneOf(['null', '{}', '[]', '"x"', '0', '[{"name":"linkerd-proxy"}]'])
  return spliced(body, at, Buffer.from(`${JSON.stringify(key)}:${value},`))
}

const hugeKey: TextMutation = (body, random) =>
  spliced(body, afterAny(body, '{', random), Buffer.from(`"${'k'.repeat(1 + random.below(10_000))}":0,`))

const deep: TextMutation = (body, random) => {
  const depth = random.oneOf(DEPTHS)
  const [open, close] = random.oneOf([
    ['[', ']'],
    ['{"a":', '}'],
  ] as const)
  const inner = open === '[' ? '' : '0'
  const text = open.repeat(depth) + inner + close.repeat(random.part() < 0.1 ? depth - 1 : depth)
  return spliced(body, afterAny(body, '{', random), Buffer.from(`"${random.oneOf(KEYS)}":${text},`))
}

/** A piece of the body, again at another place. */
const repeated: TextMutation = (body, random) => {
  const from = random.below(body.length)
  return spliced(body, random.below(body.length), body.subarray(from, from + random.below(200)))
}

const MUTATIONS = [bytes, cut, token, noUtf8, otherEncoding, twice, twice, hugeKey, deep, repeated]

function spliced(body: Buffer, at: number, inserted: Buffer): Buffer {
  return Buffer.concat([body.subarray(0, at), inserted, body.subarray(at)])
}

/** The place behind one of these characters; where there is none of them, the end. */
function afterAny(body: Buffer, characters: string, random: Random): number {
  const start = random.below(body.length + 1)
  for (let at = start; at < body.length; at += 1)
    if (characters.includes(String.fromCharCode(body[at] ?? 0))) return at + 1
  return body.length
}

function keyAfter(body: Buffer, at: number): string {
  return /^\s*"([^"\\]{0,60})"/.exec(body.toString('latin1', at, at + 80))?.[1] ?? 'x'
}
