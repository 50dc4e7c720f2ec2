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

export type KnownInstallation = Pick<Installation, 'settings' | 'installedAt'>

/**
 * Takes a Namespace as the API server has it, gives what matters to its Pods. `assumedLabel` stands for its opt-in label,
 * whatever that is. Pure.
 */
export function knownNamespace(
  object: JsonObject,
  { settings, installedAt }: KnownInstallation,
  assumedLabel?: 'enabled' | 'disabled',
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
