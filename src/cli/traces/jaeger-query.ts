import { isJsonObject, type JsonObject, listOf, objectOf, textOf } from '../../injection/json.ts'
import { askJson, type JsonAnswer } from './http-json.ts'

/** What Jaeger has of a service, as far as it tells where spans come from. */
export interface FoundSpans {
  readonly spans: number
  /** The Pods that they name; older proxies name none. */
  readonly pods: readonly string[]
}

export interface SpanQuery {
  readonly service: string
  /** Only spans that name this Pod. */
  readonly pod?: string
  readonly since: Date
  readonly until: Date
}

/** Enough to see who sends; a busy service has millions. */
const LIMIT = 50

/** Takes the URL of Jaeger's page, and what is looked for, asks its query API. Rejects with a sentence. */
export async function findSpans(base: string, { service, pod, since, until }: SpanQuery): Promise<FoundSpans> {
  const query = new URLSearchParams({
    service,
    limit: String(LIMIT),
    start: `${since.getTime()}000`,
    end: `${until.getTime()}000`,
    ...(pod !== undefined && { tags: JSON.stringify({ 'k8s.pod.name': pod }) }),
  })
  const url = `${withoutSlash(base)}/api/traces?${query}`
  return countSpans(answerOf(url, await askJson(url)), service)
}

/** Takes the URL of Jaeger's page and a trace's ID, gives whether the trace is there. Rejects with a sentence. */
export async function hasTrace(base: string, traceId: string): Promise<boolean> {
  const url = `${withoutSlash(base)}/api/traces/${traceId}`
  const answer = await askJson(url)
  return answer.status !== 404 && listOf(answerOf(url, answer), 'data').length > 0
}

function answerOf(url: string, { status, body }: JsonAnswer): JsonObject {
  if (status !== 200) throw new Error(`${url} answered HTTP ${status}`)
  if (!isJsonObject(body)) throw new Error(`${url} is not Jaeger’s API: does the base path belong to the URL?`)
  return body
}

/** Takes an answer of `/api/traces`, gives what it has of a service: a trace has spans of others too. Pure. */
export function countSpans(answer: JsonObject, service: string): FoundSpans {
  const ofTraces = listOf(answer, 'data').filter(isJsonObject).flatMap(processesOfSpans)
  const own = ofTraces.filter((process) => textOf(process, 'serviceName') === service)
  return { spans: own.length, pods: [...new Set(own.flatMap(podOf))] }
}

/** The process of each span. */
function processesOfSpans(trace: JsonObject): JsonObject[] {
  const processes = objectOf(trace, 'processes')
  const ids = listOf(trace, 'spans')
    .filter(isJsonObject)
    .map((span) => textOf(span, 'processID') ?? '')
  return ids.map((id) => objectOf(processes, id)).filter((process) => process !== undefined)
}

/** A proxy without the Pod's name still has its host's, which is the same unless the Pod says otherwise. */
function podOf(process: JsonObject): string[] {
  const tags = listOf(process, 'tags').filter(isJsonObject)
  const texts = ['k8s.pod.name', 'host.name'].map((key) => tags.find((tag) => textOf(tag, 'key') === key))
  const found = texts.find((tag) => tag !== undefined)
  return found === undefined ? [] : [textOf(found, 'value') ?? '']
}

function withoutSlash(base: string): string {
  return base.replace(/\/+$/, '')
}
