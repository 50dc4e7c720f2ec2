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

/**
 * Some MiB of metadata a page, which block the event loop for some ten milliseconds. Each page costs an API server the more
 * the more there are in all: 100,000 take 1.37 5.3 s of CPU by 500, 2.9 s by 1,000 and 2.5 s by 2,000 (npm run
 * bench:namespaces). With the 256 KiB of annotations that each may have, 2,000 would be more than an answer of ours may be.
 */
export const NAMESPACE_PAGE_LIMIT = 1_000
