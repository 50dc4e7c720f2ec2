import { isJsonObject, type JsonObject, listOf, objectOf } from '../../injection/json.ts'

export const ENDPOINT_SLICES = { root: '/apis/discovery.k8s.io/v1', plural: 'endpointslices' } as const
/** The label by which an EndpointSlice belongs to a Service of its Namespace. */
export const SERVICE_NAME = 'kubernetes.io/service-name'

/** Takes EndpointSlices, gives how many endpoints in them are ready; one that does not say is, by the API's own word. Pure. */
export function countReady(slices: readonly JsonObject[]): number {
  const endpoints = slices.flatMap((slice) => listOf(slice, 'endpoints')).filter(isJsonObject)
  return endpoints.filter((endpoint) => objectOf(endpoint, 'conditions')?.['ready'] !== false).length
}
