import { objectOf, textOf } from '../../injection/json.ts'
import type { NamespaceMeta } from '../../injection/pod-request.ts'
import { reduceNamespace } from '../../kubernetes/namespace-meta.ts'
import { listedObjects } from './listed-objects.ts'
import type { Manifest } from './manifest.ts'

/** Takes all documents of the input, gives the Namespaces among them by name; of two the later one, as for kubectl. Pure. */
export function streamNamespaces(manifests: readonly Manifest[]): ReadonlyMap<string, NamespaceMeta> {
  const found = new Map<string, NamespaceMeta>()
  for (const manifest of manifests) {
    if (manifest.type === 'verbatim') continue
    for (const { value, kind, group } of listedObjects(manifest.value)) {
      const name = textOf(objectOf(value, 'metadata'), 'name')
      if (kind === 'Namespace' && group === '' && name !== undefined) found.set(name, reduceNamespace(value))
    }
  }
  return found
}
