import { type JsonObject, objectOf } from '../injection/json.ts'
import {
  COLLECTOR_ADDRESS,
  COLLECTOR_NAME,
  COLLECTOR_PROTOCOL,
  COLLECTOR_SERVICE_ACCOUNT,
  INJECT,
  RESOURCE_ATTRIBUTE_PREFIX,
} from '../injection/metadata-names.ts'
import type { NamespaceMeta } from '../injection/pod-request.ts'

const LABELS: ReadonlySet<string> = new Set([INJECT])
const ANNOTATIONS: ReadonlySet<string> = new Set([
  COLLECTOR_ADDRESS,
  COLLECTOR_SERVICE_ACCOUNT,
  COLLECTOR_PROTOCOL,
  COLLECTOR_NAME,
])

/** Shared by the many Namespaces that say nothing about tracing. */
const NONE: Readonly<Record<string, string>> = Object.freeze({})
const SILENT: NamespaceMeta = Object.freeze({ labels: NONE, annotations: NONE })

/** Takes a Namespace as the API server sent it, gives the labels and annotations that decisions depend on. */
export function reduceNamespace(namespace: JsonObject): NamespaceMeta {
  const metadata = objectOf(namespace, 'metadata')
  const labels = pick(objectOf(metadata, 'labels'), (name) => LABELS.has(name))
  const annotations = pick(
    objectOf(metadata, 'annotations'),
    (name) => ANNOTATIONS.has(name) || name.startsWith(RESOURCE_ATTRIBUTE_PREFIX),
  )
  return labels === NONE && annotations === NONE ? SILENT : { labels, annotations }
}

function pick(map: JsonObject | undefined, isKept: (name: string) => boolean): Readonly<Record<string, string>> {
  if (map === undefined) return NONE
  const kept = Object.entries(map).filter((entry): entry is [string, string] => {
    const [name, value] = entry
    return isKept(name) && typeof value === 'string'
  })
  return kept.length === 0 ? NONE : Object.fromEntries(kept)
}

/** Different metadata are few (`enabled`, `disabled`, one collector a team); beyond so many, sharing does not pay. */
const MAX_SHARED = 1_000

/** Gives a function that takes metadata and gives an equal one, the same object for the same content. */
export function createMetaPool(): (meta: NamespaceMeta) => NamespaceMeta {
  const pool = new Map<string, NamespaceMeta>()
  return (meta) => {
    if (meta === SILENT) return meta
    const key = JSON.stringify([meta.labels, meta.annotations])
    const shared = pool.get(key)
    if (shared !== undefined) return shared
    if (pool.size < MAX_SHARED) pool.set(key, meta)
    return meta
  }
}
