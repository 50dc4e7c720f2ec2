import { type JsonObject, objectOf, textOf } from '../../injection/json.ts'
import { quote } from '../../injection/quote.ts'
import { nameOf } from '../check/entries.ts'

/** Who keeps an object as it is, and would bring it back, or lose track of it, when somebody else changes it. */
export interface Owner {
  readonly kind: 'helm' | 'gitops'
  /** For a sentence: `Helm release linkerd-jaeger in linkerd-jaeger`. */
  readonly text: string
  readonly release?: HelmRelease
}

export interface HelmRelease {
  readonly name: string
  readonly namespace: string
}

/** Takes an object, gives who owns it by what its labels and annotations say; undefined: nobody that is known. Pure. */
export function ownerOfObject(object: JsonObject): Owner | undefined {
  const metadata = objectOf(object, 'metadata')
  const labels = objectOf(metadata, 'labels')
  const annotations = objectOf(metadata, 'annotations')
  // Flux installs charts too: whoever applies the release is asked, not Helm.
  const flux = FLUX.find((kind) => textOf(labels, `${kind}.toolkit.fluxcd.io/name`) !== undefined)
  if (flux !== undefined) {
    const name = textOf(labels, `${flux}.toolkit.fluxcd.io/name`)
    const namespace = textOf(labels, `${flux}.toolkit.fluxcd.io/namespace`)
    return { kind: 'gitops', text: `Flux (${flux} ${namespace ?? ''}/${name})` }
  }
  const argo =
    textOf(annotations, 'argocd.argoproj.io/tracking-id')?.split(':', 1)[0] ??
    textOf(labels, 'argocd.argoproj.io/instance')
  if (argo !== undefined) return { kind: 'gitops', text: `Argo CD (application ${argo})` }
  const release = textOf(annotations, 'meta.helm.sh/release-name')
  if (release === undefined) return undefined
  const namespace = textOf(annotations, 'meta.helm.sh/release-namespace') ?? 'default'
  // An annotation may say anything, and what is a release ends up in commands that people paste.
  if (![release, namespace].every((name) => HELM_NAME.test(name)))
    return { kind: 'helm', text: `Helm (release ${quote(release)} in ${quote(namespace)})` }
  return { kind: 'helm', text: `Helm (release ${release} in ${namespace})`, release: { name: release, namespace } }
}

/** Helm's own rule for releases (pkg/chart/v2/util/validate_name.go), which has the names of Namespaces in it. */
const HELM_NAME = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/

const FLUX = ['kustomize', 'helm'] as const

/**
 * Takes an object and all Namespaces, gives who owns it today: Helm keeps a release in the release's Namespace, and what
 * outlived that is nobody's any more. Pure.
 */
export function livingOwner(object: JsonObject, namespaces: readonly JsonObject[]): Owner | undefined {
  const owner = ownerOfObject(object)
  if (owner?.release === undefined) return owner
  const { namespace } = owner.release
  return namespaces.some((one) => nameOf(one) === namespace && !isBeingDeleted(one)) ? owner : undefined
}

/** Takes an object, gives whether it is on its way out. Pure. */
export function isBeingDeleted(object: JsonObject): boolean {
  return textOf(objectOf(object, 'metadata'), 'deletionTimestamp') !== undefined
}
