import { isJsonObject, type JsonObject, listOf, objectOf, textOf } from '../injection/json.ts'
import type { ApiClient, ApiRequest } from './api-client.ts'
import { BrokenAnswerError } from './api-error.ts'
import { describeResource } from './api-resource.ts'

/** As kubectl has it: some MiB of Pods. */
const PAGE_LIMIT = 500

/**
 * Lists a collection page by page (`limit` of the query, else 500), hands over each object, and gives the resourceVersion
 * that all pages are of: a watch from there misses nothing. Throws ApiError, also 410 when the API server has forgotten that version meanwhile.
 */
export async function listPages(
  client: ApiClient,
  request: ApiRequest,
  take: (object: JsonObject) => void,
): Promise<string> {
  let next = ''
  for (;;) {
    const query = { limit: String(PAGE_LIMIT), ...request.query, ...(next === '' ? {} : { continue: next }) }
    const page = parsePage(request, await client.fetchJson({ ...request, query }))
    for (const item of page.items) take(item)
    next = page.next
    if (next === '') return page.resourceVersion
  }
}

interface Page {
  readonly items: readonly JsonObject[]
  readonly resourceVersion: string
  /** The token of the next page; empty on the last one. */
  readonly next: string
}

function parsePage({ resource }: ApiRequest, answer: unknown): Page {
  const list = isJsonObject(answer) ? answer : undefined
  const metadata = objectOf(list, 'metadata')
  const resourceVersion = textOf(metadata, 'resourceVersion')
  if (resourceVersion === undefined) {
    throw new BrokenAnswerError(`cannot ${describeResource(resource)}: the answer is no list`)
  }
  const items = listOf(list, 'items').filter(isJsonObject)
  return { items, resourceVersion, next: textOf(metadata, 'continue') ?? '' }
}
