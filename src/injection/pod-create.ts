import { isJsonObject } from './json.ts'
import type { PodRequest } from './pod-request.ts'

/** Whether the request creates a core/v1 Pod. The object is asked too: a kind of one's own may have containers as well. */
export function isPodCreate({ operation, kind, resource, subResource, object }: PodRequest): boolean {
  if (operation !== 'CREATE' || subResource !== '') return false
  if (kind.group !== '' || kind.version !== 'v1' || kind.kind !== 'Pod') return false
  if (resource !== '' && resource !== 'pods') return false
  return isJsonObject(object) && isAbsentOr(object['kind'], 'Pod') && isAbsentOr(object['apiVersion'], 'v1')
}

/** An object in a review may leave out what the request has said already. */
function isAbsentOr(value: unknown, expected: string): boolean {
  return value === undefined || value === null || value === '' || value === expected
}
