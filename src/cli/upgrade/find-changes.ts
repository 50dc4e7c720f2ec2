import type { JsonObject } from '../../injection/json.ts'
import type { Manifest } from '../../install/webhook-configurations.ts'
import type { ClusterView } from '../../kubernetes/cluster-view.ts'
import { type Difference, differences } from '../check/differences.ts'
import { nameOf } from '../check/entries.ts'
import { collectionOf, describeObject } from '../check/wanted-objects.ts'

/** What applying manifests does to a cluster. */
export interface Changes {
  /** Objects that are not there yet. */
  readonly added: readonly Manifest[]
  readonly changed: readonly { readonly manifest: Manifest; readonly fields: readonly Difference[] }[]
  /** Objects that were part of the installation, are not any more, and are still there. */
  readonly left: readonly Manifest[]
}

/** Takes the manifests to be applied, and those of the values that are kept, gives what changes. Changes nothing itself. */
export async function findChanges(
  cluster: ClusterView,
  manifests: readonly Manifest[],
  former: readonly Manifest[],
): Promise<Changes> {
  const wanted = await Promise.all(
    manifests.map(async (manifest) => ({ manifest, live: await readLive(cluster, manifest) })),
  )
  const names = new Set(manifests.map(describeObject))
  const before = new Map(former.map((manifest) => [describeObject(manifest), manifest]))
  const gone = former.filter((manifest) => !names.has(describeObject(manifest)))
  const isThere = await Promise.all(gone.map(async (one) => (await readLive(cluster, one)) !== undefined))
  return {
    added: wanted.flatMap(({ manifest, live }) => (live === undefined ? [manifest] : [])),
    changed: wanted.flatMap(({ manifest, live }) => {
      if (live === undefined) return []
      const fields = [...fieldsOf(manifest, live), ...fieldsWithout(before.get(describeObject(manifest)), manifest)]
      return fields.length === 0 ? [] : [{ manifest, fields }]
    }),
    left: gone.filter((_manifest, index) => isThere[index]),
  }
}

function readLive(cluster: ClusterView, manifest: Manifest): Promise<JsonObject | undefined> {
  return cluster.get(collectionOf(manifest), nameOf(manifest))
}

function fieldsOf(manifest: Manifest, live: JsonObject): Difference[] {
  return differences(contentOf(manifest), live)
}

/** What was wanted and is not any more: in the cluster it looks like a field that somebody else has set. */
function fieldsWithout(former: Manifest | undefined, manifest: Manifest): Difference[] {
  if (former === undefined) return []
  const lacking = differences(contentOf(former), manifest).filter(({ how }) => how.startsWith('is absent'))
  return lacking.map(({ path }) => ({ path, how: 'is taken away' }))
}

/** Labels and annotations of the object itself change nothing that runs. */
function contentOf({ apiVersion: _version, metadata: _metadata, kind: _kind, ...content }: Manifest): JsonObject {
  return content
}
