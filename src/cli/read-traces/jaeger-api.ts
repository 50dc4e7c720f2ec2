import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { printable } from '../printable.ts'
import { answerMistake, JaegerAnswerError } from './answer-mistake.ts'

/** Jaeger’s query API, over connections that are kept between questions. */
export interface JaegerApi {
  /** Asks below `/api/`; resolves when the answer begins, with what it says. Rejects with a sentence, a JaegerAnswerError for a status. */
  readonly ask: (path: string, question?: Question) => Promise<Readable>
  /** Ends all connections: one that is left would hold up a port that is forwarded. */
  readonly close: () => void
}

export interface Question {
  readonly query?: Readonly<Record<string, string>>
  /** Breaks the answer off, begun or not. */
  readonly ended?: AbortSignal
}

/** Jaeger writes nothing before it has found everything: a full store and a slow machine take long. */
const SILENCE_MS = 60_000
/** Ten megabytes, at the 40 KB/s of a bad line. */
const ANSWER_MS = 300_000
/** What else than traces it says fits in there. */
const MAX_REFUSAL_BYTES = 4_096

export interface JaegerApiParts {
  /** Of Jaeger’s page, with its base path. */
  readonly url: string
  /** A tenth of the bytes for some of Jaeger’s time: worth it on any way but one within this machine. */
  readonly isCompressed: boolean
}

/** Takes where Jaeger’s page is, gives its query API. Throws a sentence when that is no URL of HTTP; nothing is asked yet. */
export function openJaegerApi({ url, isCompressed }: JaegerApiParts): JaegerApi {
  const base = parseJaegerUrl(url)
  const client = base.protocol === 'https:' ? https : http
  const agent = new client.Agent({ keepAlive: true })
  const headers = { accept: 'application/json', 'accept-encoding': isCompressed ? 'gzip' : 'identity' }
  return {
    ask: async (path, { query = {}, ended } = {}) => {
      const asked = new URL(base)
      asked.pathname = `${base.pathname.replace(/\/+$/, '')}/api/${path}`
      asked.search = new URLSearchParams(query).toString()
      const shown = shownUrl(asked)
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        const signal = AbortSignal.any([AbortSignal.timeout(ANSWER_MS), ...(ended === undefined ? [] : [ended])])
        const request = client.get(asked, { agent, headers, signal, timeout: SILENCE_MS }, (begun) => {
          // From here on it may be us who are slow: an answer that was asked for ahead waits for its turn.
          request.setTimeout(0)
          resolve(begun)
        })
        request.on('timeout', () => request.destroy(new Error(`nothing for ${SILENCE_MS / 1000} s`)))
        request.on('error', (error) =>
          reject(new Error(`${shown} gives no answer: ${reasonOf(error)}`, { cause: error })),
        )
      })
      const mistake = answerMistake(answer.statusCode ?? 0, answer.headers)
      if (mistake === undefined) return unpacked(answer)
      const said = await startOf(unpacked(answer))
      throw new JaegerAnswerError(`${shown} ${mistake}${said === '' ? '' : `: ${said}`}`, answer.statusCode ?? 0)
    },
    close: () => agent.destroy(),
  }
}

/** Takes what --jaeger-url says, gives it parsed. Throws a sentence when it is no URL of HTTP. Pure. */
export function parseJaegerUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw new Error(`--jaeger-url ${text} is no URL such as http://127.0.0.1:16686/jaeger`)
}

/** What was asked says nothing to who reads an error, and a password must not be in one. */
function shownUrl({ origin, pathname }: URL): string {
  return `${origin}${pathname}`
}

/** Where several addresses were tried there is a list of reasons, and no message. */
function reasonOf(error: Error): string {
  const [first] = error instanceof AggregateError ? (error.errors as Error[]) : []
  return first?.message ?? error.message
}

function unpacked(answer: IncomingMessage): Readable {
  if (answer.headers['content-encoding'] !== 'gzip') return answer
  const gunzip = createGunzip()
  answer.on('error', (error) => gunzip.destroy(error))
  return answer.pipe(gunzip)
}

/** Jaeger’s own words about what it refuses; empty where others have answered. */
async function startOf(answer: Readable): Promise<string> {
  let text = ''
  for await (const chunk of answer) {
    text += String(chunk)
    if (text.length > MAX_REFUSAL_BYTES) break
  }
  const said = /"msg":\s*("(?:[^"\\]|\\.)*")/.exec(text)?.[1]
  return said === undefined ? '' : printable(String(JSON.parse(said)))
}
