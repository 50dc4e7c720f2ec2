import { isJsonObject, type JsonObject } from '../../injection/json.ts'
import { CLOSE_LIST, CLOSE_OBJECT, createBracketFinder, OPEN_LIST, OPEN_OBJECT } from './json-structure.ts'

/** Cuts an answer of `/api/traces` into its traces while it arrives: never more than one of them is in memory. */
export interface AnswerSplitter {
  /** Takes the next bytes, gives the JSON of each trace that is complete with them. Throws a sentence for what Jaeger never sends. */
  readonly push: (piece: Buffer) => Buffer[]
  /** Gives all that the answer says beside its traces, once it is over. Throws a sentence when it is none of Jaeger’s. */
  readonly end: () => AnswerRest
}

export interface AnswerRest {
  readonly rest: JsonObject
  /** How many traces were left out. */
  readonly tooLarge: number
}

/** A trace of 50,000 spans, which nobody can look at. */
const MAX_TRACE_BYTES = 64 * 1024 * 1024
/** What is no trace: some counts, a comma for each trace, and errors. */
const MAX_REST_BYTES = 1024 * 1024
/** Brackets around a trace: those of the answer and of its list `data`. */
const AROUND = 2

/** Gives a splitter for one answer. */
export function createAnswerSplitter(maxTraceBytes = MAX_TRACE_BYTES): AnswerSplitter {
  const findBracket = createBracketFinder()
  const nesting = createNesting()
  const rest = { text: '' }
  let tooLarge = 0
  /** The trace that is not complete yet. */
  let open: OpenTrace | undefined

  const complete = (last: Buffer): Buffer[] => {
    const { parts, bytes } = addPart(open ?? NEW_TRACE, last, maxTraceBytes)
    open = undefined
    if (bytes <= maxTraceBytes) return [parts.length === 1 ? last : Buffer.concat(parts)]
    tooLarge++
    return []
  }
  const keep = (part: Buffer) => {
    if (open !== undefined) open = addPart(open, part, maxTraceBytes)
    else addRest(rest, part)
  }
  return {
    push: (piece) => {
      const traces: Buffer[] = []
      let from = 0
      for (let at = findBracket(piece, 0); at < piece.length; at = findBracket(piece, at + 1)) {
        const edge = nesting.take(piece[at] as number, () => rest.text + piece.toString('latin1', from, at))
        if (edge === undefined) continue
        const to = edge === 'end' ? at + 1 : at
        if (edge === 'end') traces.push(...complete(piece.subarray(from, to)))
        else {
          addRest(rest, piece.subarray(from, to))
          open = NEW_TRACE
        }
        from = to
      }
      keep(piece.subarray(from))
      return traces
    },
    end: () => ({ rest: parseRest(rest.text), tooLarge }),
  }
}

/** Counts brackets, and tells where a trace begins and ends. */
function createNesting() {
  let depth = 0
  let isInData = false
  const opens = (bracket: number, before: () => string): boolean => {
    if (depth === 1) isInData = bracket === OPEN_LIST && /"data"\s*:\s*$/.test(before())
    depth++
    return depth === AROUND + 1 && isInData && bracket === OPEN_OBJECT
  }
  const closes = (): boolean => {
    depth--
    return depth === AROUND && isInData
  }
  return {
    /** Takes a bracket, and what gives the text before it, gives whether it is the first or the last one of a trace. */
    take: (bracket: number, before: () => string): 'start' | 'end' | undefined => {
      if (bracket === CLOSE_OBJECT || bracket === CLOSE_LIST) return closes() ? 'end' : undefined
      return opens(bracket, before) ? 'start' : undefined
    },
  }
}

interface OpenTrace {
  readonly parts: readonly Buffer[]
  readonly bytes: number
}

const NEW_TRACE: OpenTrace = { parts: [], bytes: 0 }

/** What is too large is counted on, and not kept. */
function addPart({ parts, bytes }: OpenTrace, part: Buffer, maxBytes: number): OpenTrace {
  const sum = bytes + part.length
  return { parts: sum <= maxBytes ? [...parts, part] : [], bytes: sum }
}

function addRest(rest: { text: string }, part: Buffer): void {
  // A character of several bytes may be cut by the pieces: it is put together in the end.
  rest.text += part.toString('latin1')
  if (rest.text.length > MAX_REST_BYTES) throw new Error('Jaeger’s answer is no list of traces')
}

/** The traces are gone from their list, and the commas between them are left. */
function parseRest(text: string): JsonObject {
  try {
    const whole = Buffer.from(text.replace(/("data"\s*:\s*\[)[\s,]*\]/, '$1]'), 'latin1').toString('utf8')
    const parsed: unknown = JSON.parse(whole)
    if (isJsonObject(parsed) && 'data' in parsed) return parsed
  } catch {
    // It ends in the middle, or is no JSON at all.
  }
  throw new Error('Jaeger’s answer is no JSON of traces, or broke off')
}
