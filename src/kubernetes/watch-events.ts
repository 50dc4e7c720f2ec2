import { isJsonObject, type JsonObject, objectOf, textOf } from '../injection/json.ts'
import type { ApiClient, ApiRequest } from './api-client.ts'
import { type ApiError, apiError, BrokenAnswerError } from './api-error.ts'
import { describeResource } from './api-resource.ts'
import { splitLines } from './json-lines.ts'

/** One event of a watch. A bookmark says how far the watch has come, and nothing else. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'
  readonly object: JsonObject
  readonly resourceVersion: string
}

/**
 * Opens a watch and gives its events; returns when the API server ends it. Throws ApiError for a refusal and for an
 * event ERROR, BrokenAnswerError for what is no event.
 */
export async function* watchEvents(client: ApiClient, request: ApiRequest): AsyncGenerator<WatchEvent> {
  const chunks = await client.openStream({ ...request, query: { ...request.query, watch: 'true' } })
  for await (const line of splitLines(chunks)) {
    const event = parseEvent(request, line)
    if (event !== undefined) yield event
  }
}

const TYPES = ['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK'] as const

function parseEvent(request: ApiRequest, line: string): WatchEvent | undefined {
  const event = parseLine(request, line)
  const object = objectOf(event, 'object')
  if (object === undefined) throw new BrokenAnswerError(`cannot ${describeResource(request.resource)}: no event`)
  if (event['type'] === 'ERROR') throw errorOf(request, object)
  const type = TYPES.find((known) => known === event['type'])
  const resourceVersion = textOf(objectOf(object, 'metadata'), 'resourceVersion')
  // A type that is not known yet: the protocol may grow.
  return type === undefined || resourceVersion === undefined ? undefined : { type, object, resourceVersion }
}

function parseLine({ resource }: ApiRequest, line: string): JsonObject {
  try {
    const event: unknown = JSON.parse(line)
    if (isJsonObject(event)) return event
  } catch {
    // told below
  }
  throw new BrokenAnswerError(`cannot ${describeResource(resource)}: a line that is no JSON object`)
}

function errorOf({ resource }: ApiRequest, status: JsonObject): ApiError {
  const code = status['code']
  return apiError(resource, { status: typeof code === 'number' ? code : 500, body: JSON.stringify(status) })
}
