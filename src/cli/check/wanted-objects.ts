import { type JsonObject, objectOf, textOf } from '../../injection/json.ts'
import type { Manifest } from '../../install/webhook-configurations.ts'
import type { ClusterView, Collection } from '../../kubernetes/cluster-view.ts'
import { differences } from './differences.ts'
import { nameOf } from './entries.ts'

/** What brings an object back to what it was. */
export const APPLY_AGAIN = 'apply the manifests again: linkerd-tracing install … | kubectl apply -f -'

/** Takes a manifest, gives where its kind is in the API. Pure. */
export function collectionOf(manifest: Manifest): Collection {
  const version = textOf(manifest, 'apiVersion') ?? ''
  const namespace = textOf(objectOf(manifest, 'metadata'), 'namespace')
  const root = version.includes('/') ? `/apis/${version}` : `/api/${version}`
  return { root, plural: pluralOf(textOf(manifest, 'kind') ?? ''), ...(namespace !== undefined && { namespace }) }
}

/** As Kubernetes itself guesses it (apimachinery's UnsafeGuessKindToResource). */
function pluralOf(kind: string): string {
  const word = kind.toLowerCase()
  if (word.endsWith('s')) return `${word}es`
  return word.endsWith('y') ? `${word.slice(0, -1)}ies` : `${word}s`
}

/** Takes a manifest, gives how people name its object: `ClusterRole linkerd-tracing-injector`, `Role NAMESPACE/NAME`. Pure. */
export function describeObject(manifest: Manifest): string {
  const namespace = textOf(objectOf(manifest, 'metadata'), 'namespace')
  return `${textOf(manifest, 'kind')} ${namespace === undefined ? '' : `${namespace}/`}${nameOf(manifest)}`
}

/** Takes manifests, gives a sentence for each that is absent and for each field that is different in the cluster. */
export async function problemsOf(cluster: ClusterView, manifests: readonly Manifest[]): Promise<string[]> {
  const found = await Promise.all(
    manifests.map(async (manifest) =>
      problemsOfOne(manifest, await cluster.get(collectionOf(manifest), nameOf(manifest))),
    ),
  )
  return found.flat()
}

function problemsOfOne(manifest: Manifest, live: JsonObject | undefined): string[] {
  const what = describeObject(manifest)
  if (live === undefined) return [`${what} is missing`]
  // Labels and annotations are everybody's.
  const { apiVersion: _version, metadata: _metadata, kind: _kind, ...wanted } = manifest
  return differences(wanted, live).map(({ path, how }) => `${what}: ${path} ${how}`)
}
