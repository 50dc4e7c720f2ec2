import { type JsonObject, objectOf, textOf } from '../injection/json.ts'
import type { NamespaceMeta } from '../injection/pod-request.ts'
import type { CollectionSink } from './collection-watch.ts'
import { createMetaPool, reduceNamespace } from './namespace-meta.ts'

/** What is known of all Namespaces. */
export interface NamespaceStore extends CollectionSink {
  readonly get: (name: string) => NamespaceMeta | undefined
  readonly size: () => number
}

/**
 * Gives an empty store. Each Namespace is reduced as it comes: 100,000 of them take some 10 MB (measured:
 * npm run bench:namespaces).
 */
export function createNamespaceStore(): NamespaceStore {
  let namespaces = new Map<string, NamespaceMeta>()
  let share = createMetaPool()
  return {
    get: (name) => namespaces.get(name),
    size: () => namespaces.size,
    beginReplacement: () => {
      const next = new Map<string, NamespaceMeta>()
      const shareNext = createMetaPool()
      return {
        add: (object) => void next.set(nameOf(object), shareNext(reduceNamespace(object))),
        commit: () => {
          namespaces = next
          share = shareNext
        },
      }
    },
    upsert: (object) => void namespaces.set(nameOf(object), share(reduceNamespace(object))),
    remove: (object) => void namespaces.delete(nameOf(object)),
  }
}

function nameOf(object: JsonObject): string {
  return textOf(objectOf(object, 'metadata'), 'name') ?? ''
}
