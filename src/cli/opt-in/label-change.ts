import { type JsonObject, objectOf, textOf } from '../../injection/json.ts'
import { INJECT, LINKERD_INJECT } from '../../injection/metadata-names.ts'
import { SYSTEM_NAMESPACES } from '../../injection/own-places.ts'
import { quote } from '../../injection/quote.ts'

export type OptInAction = 'enable' | 'disable'

/** A Namespace that is to be opted in or out. */
export interface OptInTarget {
  readonly name: string
  /** The control plane’s is in without a label. */
  readonly isControlPlane: boolean
}

/** The word for the control plane, whatever its Namespace is called. */
export const CONTROL_PLANE = 'control-plane'

/** Takes what was typed, gives the Namespaces that are meant, each once. Pure. */
export function targetsOf(words: readonly string[], linkerdNamespace: string): OptInTarget[] {
  const names = words.map((word) => (word === CONTROL_PLANE ? linkerdNamespace : word))
  return [...new Set(names)].map((name) => ({ name, isControlPlane: name === linkerdNamespace }))
}

/** What has to happen to the label; `to: null` takes it away. */
export interface LabelChange {
  readonly from: string | undefined
  readonly to: string | null
}

/** What is asked for, and the Namespace as the API server has it; undefined: it has none. */
export interface OptInWish {
  readonly action: OptInAction
  readonly target: OptInTarget
  readonly namespace: JsonObject | undefined
}

/** Takes a wish, gives the change of the label that it needs; undefined when that is as it should be. Pure. */
export function labelChange({ action, target, namespace }: OptInWish): LabelChange | undefined {
  const from = textOf(objectOf(objectOf(namespace, 'metadata'), 'labels'), INJECT)
  if (action === 'disable') return from === 'disabled' ? undefined : { from, to: 'disabled' }
  // Of the control plane only `disabled` means anything: whatever else is there is somebody's, and stays.
  if (target.isControlPlane) return from === 'disabled' ? { from, to: null } : undefined
  return from === 'enabled' ? undefined : { from, to: 'enabled' }
}

/** Takes a wish, gives why it cannot be, in a sentence; undefined when it can. Pure. */
export function refusalOf({ action, target, namespace }: OptInWish): string | undefined {
  if (namespace === undefined)
    return `Namespace ${target.name} is not there${target.isControlPlane ? ': -L names that of Linkerd' : ''}`
  if (action === 'disable') return undefined
  if (SYSTEM_NAMESPACES.includes(target.name))
    return `Namespace ${target.name} belongs to Kubernetes itself: its Pods are never traced`
  const phase = textOf(objectOf(namespace, 'status'), 'phase')
  return phase === 'Terminating' ? `Namespace ${target.name} is being deleted` : undefined
}

/** Takes a Namespace that is opted in, gives what else its Pods need, each a sentence. Pure. */
export function optInHints({ name, isControlPlane }: OptInTarget, namespace: JsonObject): string[] {
  // The control plane's Pods have their proxy from Linkerd's chart.
  if (isControlPlane) return []
  const inject = textOf(objectOf(objectOf(namespace, 'metadata'), 'annotations'), LINKERD_INJECT)
  if (inject === 'enabled' || inject === 'ingress') return []
  const what =
    inject === undefined ? `no annotation ${LINKERD_INJECT}` : `the annotation ${LINKERD_INJECT} ${quote(inject)}`
  return [
    `Namespace ${name} has ${what}: only Pods that ask for Linkerd’s proxy themselves can be traced (kubectl annotate namespace ${name} ${LINKERD_INJECT}=enabled)`,
  ]
}

export interface ToldChange {
  readonly target: OptInTarget
  readonly change: LabelChange | undefined
  readonly isDryRun: boolean
}

/** Takes a target and its change, gives the line that tells it. Pure. */
export function changeLine({ target: { name }, change, isDryRun }: ToldChange): string {
  if (change === undefined) return `namespace/${name} is as it should be`
  const { from, to } = change
  const was = from === undefined ? 'it was absent' : `it was ${quote(from)}`
  const what = to === null ? `label ${INJECT} removed` : `label ${INJECT}=${to} set`
  return `namespace/${name}: ${what}, ${was}${isDryRun ? ' (dry run)' : ''}`
}
