import { toYaml } from '../../src/install/injector-manifests.ts'
import type { Manifest } from '../../src/install/webhook-configurations.ts'
import { jsonPatch } from './json-patch.ts'
import { type Identity, identityKey, identityOf } from './object-identity.ts'

/** Files by their paths. */
export type Files = Readonly<Record<string, string>>

/** Two renderings, and what the second is about. */
interface OverlayParts {
  readonly base: readonly Manifest[]
  readonly wanted: readonly Manifest[]
  /** Namespace of the product in each of them. */
  readonly baseNamespace: string
  readonly namespace: string
  /** The first line of `kustomization.yaml`. */
  readonly comment: string
}

/**
 * Takes the objects of the base and those that are wanted, gives the files of an overlay that makes the latter of the
 * former: what is removed, what is changed (a JSON Patch for each object), what is added, and another namespace.
 */
export function kustomizeOverlay(parts: OverlayParts): Files {
  const { base, namespace, baseNamespace, comment } = parts
  const matches = matchObjects(parts)
  const gone = base.filter((object) => !matches.some(({ before }) => before === object))
  const added = matches.filter(({ before }) => before === undefined).map(({ after }) => after)
  const patches = matches.flatMap(({ before, after }) => (before === undefined ? [] : changeOf(before, after)))
  const entries = [
    ...(gone.length > 0 ? [{ path: 'removed.yaml' }] : []),
    ...patches.map(({ path, target }) => ({ path, target })),
    ...(namespace === baseNamespace ? [] : [moved(baseNamespace, namespace)]),
  ]
  const kustomization = {
    ...HEADER,
    resources: ['../../base', ...(added.length > 0 ? ['added.yaml'] : [])],
    ...(entries.length > 0 && { patches: entries }),
  }
  return {
    'kustomization.yaml': `# ${comment}\n${toYaml([kustomization])}`,
    ...(added.length > 0 && { 'added.yaml': toYaml(added) }),
    ...(gone.length > 0 && { 'removed.yaml': toYaml(gone.map(removal)) }),
    ...Object.fromEntries(patches.map(({ path, text }) => [path, text])),
  }
}

/** `legacy` has Namespaces first and webhook configurations last. */
export const HEADER = {
  apiVersion: 'kustomize.config.k8s.io/v1beta1',
  kind: 'Kustomization',
  sortOptions: { order: 'legacy' },
} as const

interface Match {
  readonly before: Manifest | undefined
  readonly after: Manifest
}

/** Not by `namespace:`, which gives one to ValidatingAdmissionPolicies too: kustomize takes an unknown kind for a namespaced one. */
function moved(from: string, to: string) {
  return {
    target: { namespace: from },
    patch: toYaml([[{ op: 'replace', path: '/metadata/namespace', value: to }] as unknown as Manifest]),
  }
}

/** The namespace is changed last: an object that moves is found by where it was. */
function matchObjects({ base, wanted, baseNamespace, namespace }: OverlayParts): Match[] {
  const byKey = new Map(base.map((object) => [identityKey(identityOf(object)), object]))
  return wanted.map((after) => {
    const identity = identityOf(after)
    const moved = identity.namespace === namespace ? { ...identity, namespace: baseNamespace } : identity
    return { before: byKey.get(identityKey(moved)), after }
  })
}

interface Change {
  readonly path: string
  readonly target: Identity
  readonly text: string
}

function changeOf(before: Manifest, after: Manifest): Change[] {
  const target = identityOf(before)
  const operations = jsonPatch(before, after).filter(({ path }) => path !== '/metadata/namespace')
  if (operations.length === 0) return []
  const path = `patches/${target.kind.toLowerCase()}-${target.name}.yaml`
  return [{ path, target, text: toYaml([operations as unknown as Manifest]) }]
}

function removal(object: Manifest): Manifest {
  const { kind, name, namespace } = identityOf(object)
  return {
    apiVersion: object['apiVersion'],
    kind,
    metadata: { name, ...(namespace !== undefined && { namespace }) },
    $patch: 'delete',
  }
}
