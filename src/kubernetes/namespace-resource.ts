/** Namespaces, as they are asked for. */
export const NAMESPACES = { root: '/api/v1', plural: 'namespaces' } as const

/**
 * Metadata alone (k8s.io/apimachinery meta/v1 PartialObjectMetadata): all that we keep stands there. JSON as the second
 * choice, for a proxy that does not know it.
 */
export const NAMESPACE_ACCEPT = {
  list: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json;q=0.9',
  watch: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json;q=0.9',
  get: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json;q=0.9',
} as const
