import type { PerPodValue } from './per-pod-values.ts'

/** The text of one review, and where the reviews of other Pods of its template differ from it. */
export interface TemplateText {
  readonly body: Buffer
  /** In order of their places; not empty. */
  readonly gaps: readonly Gap[]
  /** Where the request's uid stands. */
  readonly uid: Gap
}

interface Gap {
  readonly start: number
  readonly end: number
  /** Where the same value stands first; there it may be anything of its alphabet, and everywhere else the same again. */
  readonly first: number
  /** 1 for each byte of the alphabet. */
  readonly alphabet: Uint8Array
}

/** Of one value: a Pod has the name of its token’s volume once in each container, and a few times more. */
const MOST_GAPS = 1000

/** Go escapes no other printable character of ASCII than `&`, `<` and `>`. */
const NEEDLESS_ESCAPE = /\\u00(?!26|3[ce])[2-7]/i

/**
 * Takes a body that is kept, and the values in it that differ from Pod to Pod, the uid first; gives the template's text. Throws when
 * a value may also be there with escapes, and so in places where it is not found; when one does not follow a quotation mark, as its
 * first character may be the last one of an escape; and when there are more of them than a Pod has.
 */
export function templateText(body: Buffer, values: readonly PerPodValue[]): TemplateText {
  if (NEEDLESS_ESCAPE.test(body.toString('latin1'))) throw new Error('a value may be written with escapes')
  const found = values.map((value) => gapsOf(body, value))
  const uid = found[0]?.[0]
  if (uid === undefined) throw new Error('the uid of the request is not there')
  return { body, gaps: found.flat().toSorted((a, b) => a.start - b.start), uid }
}

function gapsOf(body: Buffer, { text, from, alphabet }: PerPodValue): Gap[] {
  const bytes = new Uint8Array(256)
  for (const byte of Buffer.from(alphabet)) bytes[byte] = 1
  const gaps: Gap[] = []
  for (let at = body.indexOf(text); at !== -1; at = body.indexOf(text, at + text.length)) {
    if (body[at - 1] !== QUOTATION_MARK) throw new Error(`${text} is not all of its text`)
    if (gaps.length === MOST_GAPS) throw new Error(`${text} is there more than ${MOST_GAPS} times`)
    const start = at + from
    gaps.push({ start, end: at + text.length, first: gaps[0]?.start ?? start, alphabet: bytes })
  }
  return gaps
}

const QUOTATION_MARK = 0x22

/**
 * Whether the body is the template's but for the values that differ. Then it is the same JSON with other texts in these places, and
 * valid like the other: it is compared byte by byte, and no value can hold what ends a text.
 */
export function isOfTemplate({ body, gaps }: TemplateText, other: Buffer): boolean {
  if (other.length !== body.length) return false
  let at = 0
  for (const gap of gaps) {
    if (other.compare(body, at, gap.start, at, gap.start) !== 0 || !isFilled(other, gap)) return false
    at = gap.end
  }
  return other.compare(body, at, body.length, at, body.length) === 0
}

function isFilled(body: Buffer, { start, end, first, alphabet }: Gap): boolean {
  for (let index = start; index < end; index += 1) {
    const byte = body[index] as number
    if (start === first ? alphabet[byte] !== 1 : byte !== body[first + index - start]) return false
  }
  return true
}

/** Takes a template and a body of it, gives the uid of the body's request. */
export function requestUid({ uid }: TemplateText, body: Buffer): string {
  return body.toString('latin1', uid.start, uid.end)
}
