import type { InstallSettings } from '../../injection/install-settings.ts'
import type { JsonObject } from '../../injection/json.ts'
import { INJECT } from '../../injection/metadata-names.ts'
import { isOptedIn } from '../../injection/opt-in.ts'
import { SYSTEM_NAMESPACES } from '../../injection/own-places.ts'
import type { NamespaceMeta } from '../../injection/pod-request.ts'
import { reduceNamespace } from '../../kubernetes/namespace-meta.ts'
import { nameOf } from '../check/entries.ts'
import { type OptInTime, optInTime } from './opt-in-time.ts'
import type { Installation } from './read-installation.ts'

/** A Namespace, as far as it matters to its Pods. */
export interface KnownNamespace extends NamespaceMeta {
  readonly name: string
  readonly isOptedIn: boolean
  /** When it was opted in; of one that is not, nothing. */
  readonly optIn: OptInTime
}

export interface NamespaceFacts extends Pick<Installation, 'settings' | 'installedAt'> {
  /** What its opt-in label is taken to be, whatever it is. */
  readonly assumedLabel?: 'enabled' | 'disabled' | undefined
}

/** Takes a Namespace as the API server has it, and the installation, gives what matters to its Pods. Pure. */
export function knownNamespace(
  object: JsonObject,
  { settings, installedAt, assumedLabel }: NamespaceFacts,
): KnownNamespace {
  const name = nameOf(object)
  const { labels, annotations } = reduceNamespace(object)
  const meta = { annotations, labels: assumedLabel === undefined ? labels : { ...labels, [INJECT]: assumedLabel } }
  const isIn = isNamespaceIn(name, meta, settings)
  const isInByDefault = settings.allNamespaces || name === settings.linkerdNamespace
  const optIn = isIn ? optInTime({ namespace: object, installedAt, isInByDefault }) : {}
  return { ...meta, name, isOptedIn: isIn, optIn }
}

function isNamespaceIn(name: string, namespace: NamespaceMeta, install: InstallSettings): boolean {
  return !SYSTEM_NAMESPACES.includes(name) && isOptedIn({ podNamespace: name, namespace, install })
}
