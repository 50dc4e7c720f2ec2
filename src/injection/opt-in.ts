import type { InstallSettings } from './install-settings.ts'
import { textOf } from './json.ts'
import { INJECT } from './metadata-names.ts'
import type { NamespaceMeta } from './pod-request.ts'
import { quote } from './quote.ts'
import type { RawPod } from './raw-pod.ts'

export interface OptInSources {
  readonly podNamespace: string
  /** Undefined when the Namespace is not known: the API server's selectors have then decided. */
  readonly namespace: NamespaceMeta | undefined
  readonly install: InstallSettings
}

/** Whether the Pods of a Namespace are to be traced. Only the exact values `enabled` and `disabled` count. */
export function isOptedIn({ podNamespace, namespace, install }: OptInSources): boolean {
  const label = textOf(namespace?.labels, INJECT)
  if (podNamespace === install.linkerdNamespace) return install.controlPlane && label !== 'disabled'
  if (namespace === undefined) return true
  return install.allNamespaces ? label !== 'disabled' : label === 'enabled'
}

/** Whether the Pod itself says no, by label or annotation. */
export function isOptedOut(pod: RawPod): boolean {
  return textOf(pod.labels, INJECT) === 'disabled' || textOf(pod.annotations, INJECT) === 'disabled'
}

/** Warns of values that count as unset, so that `true` or `Enabled` is not taken for a choice. */
export function optInWarnings(pod: RawPod, namespace: NamespaceMeta | undefined): string[] {
  const found: [string, string | undefined][] = [
    [`Pod label ${INJECT}`, textOf(pod.labels, INJECT)],
    [`Pod annotation ${INJECT}`, textOf(pod.annotations, INJECT)],
    [`Namespace label ${INJECT}`, textOf(namespace?.labels, INJECT)],
  ]
  return found.flatMap(([source, text]) =>
    text === undefined || text === 'enabled' || text === 'disabled'
      ? []
      : [`${source} ${quote(text)} is as if unset: only enabled and disabled count`],
  )
}
