import type { InjectionDecision, SkippedDecision } from './decision.ts'
import type { InstallSettings } from './install-settings.ts'
import { isJsonObject, textOf } from './json.ts'
import { COMPONENT, LINKERD_INJECT, MIRROR_POD } from './metadata-names.ts'
import { isOptedIn, isOptedOut, optInWarnings } from './opt-in.ts'
import { MARKED_COMPONENTS, SYSTEM_NAMESPACES } from './own-places.ts'
import { isPodCreate } from './pod-create.ts'
import type { NamespaceMeta, PodRequest } from './pod-request.ts'
import { findProxy, type ProxyContainer } from './proxy-container.ts'
import { type RawPod, readPod } from './raw-pod.ts'
import type { SettingFault } from './setting-fault.ts'
import type { SkipReason } from './skip-reason.ts'
import { tracePod } from './trace-pod.ts'
import { type ResolvedTraceSettings, resolveTraceSettings } from './trace-settings.ts'

/** All that a decision depends on. */
export interface InjectionInput {
  readonly request: PodRequest
  /** Undefined when the Namespace is not known. */
  readonly namespace: NamespaceMeta | undefined
  readonly settings: InstallSettings
}

/**
 * Decides what should happen to a Pod: the rules of `docs/decisions-on-pods.md` in their order, the first that fits
 * wins. Pure: the same input always gives the same decision.
 */
export function decideInjection(input: InjectionInput): InjectionDecision {
  const { object } = input.request
  if (!isPodCreate(input.request) || !isJsonObject(object)) return skip('not-pod-create')
  const pod = readPod(object)
  if ('wrongType' in pod) return skip('not-pod-create', [`${pod.wrongType} has another type than in a core/v1 Pod`])
  return decideUntouchable({ ...input, pod }) ?? decideOwn({ ...input, pod }) ?? decideWorkload({ ...input, pod })
}

interface PodInput extends InjectionInput {
  readonly pod: RawPod
}

function decideUntouchable({ request, pod }: PodInput): InjectionDecision | undefined {
  if (Object.hasOwn(pod.annotations, MIRROR_POD)) return skip('static-pod')
  return SYSTEM_NAMESPACES.includes(request.namespace) ? skip('system-namespace') : undefined
}

function decideOwn({ request, pod, settings }: PodInput): InjectionDecision | undefined {
  if (!Object.hasOwn(pod.labels, COMPONENT)) return undefined
  const ownNamespaces = [settings.collectorNamespace, settings.linkerdNamespace]
  const isMarked =
    MARKED_COMPONENTS.includes(textOf(pod.labels, COMPONENT) ?? '') && ownNamespaces.includes(request.namespace)
  if (!isMarked) return skip('own-component')
  const inject = textOf(pod.annotations, LINKERD_INJECT)
  if (inject === undefined) return { outcome: 'marked', warnings: [] }
  return skip('own-component', inject === 'disabled' ? [UNMESHED_COLLECTOR] : [])
}

const UNMESHED_COLLECTOR = `own-component: Pod annotation ${LINKERD_INJECT} "disabled" stays, but without a proxy no span reaches this Pod`

function decideWorkload({ request, pod, namespace, settings: install }: PodInput): InjectionDecision {
  const podNamespace = request.namespace
  const proxy = findProxy(pod)
  const resolved = resolveTraceSettings({ pod, podNamespace, namespace, proxy, install })
  if (isCollectorItself({ pod, podNamespace, resolved })) return skip('own-component')
  const warnings = optInWarnings(pod, namespace)
  if (isOptedOut(pod)) return skip('opted-out', warnings)
  if (!isOptedIn({ podNamespace, namespace, install })) return skip('not-opted-in', warnings)
  if (proxy === undefined) return skip('not-meshed', warnings)
  return decideMeshed({ pod, podNamespace, install, proxy, resolved, warnings: [...warnings, ...resolved.warnings] })
}

interface PlacedPod {
  readonly pod: RawPod
  readonly podNamespace: string
  readonly resolved: ResolvedTraceSettings
}

/** A collector that exports spans would trace its own exports, and feed itself for ever. */
function isCollectorItself({ pod, podNamespace, resolved: { identity } }: PlacedPod): boolean {
  // serviceAccount is the older name of the same member; the API server fills in "default"
  const account = textOf(pod.spec, 'serviceAccountName') || textOf(pod.spec, 'serviceAccount') || 'default'
  return identity !== undefined && identity.serviceAccount === account && identity.namespace === podNamespace
}

interface MeshedPod extends PlacedPod {
  readonly install: InstallSettings
  readonly proxy: ProxyContainer
  readonly warnings: readonly string[]
}

function decideMeshed({ resolved, warnings, ...meshed }: MeshedPod): InjectionDecision {
  const { settings, faults } = resolved
  if (settings !== undefined) return tracePod({ ...meshed, settings, warnings })
  const isInvalid = faults.some(({ reason }) => reason === 'invalid-setting')
  return skip(isInvalid ? 'invalid-setting' : 'unsupported-proxy', [...faults.map(told), ...warnings])
}

/** With the documented word first, as everywhere that a reason is told. */
function told({ reason, sentence }: SettingFault): string {
  return `${reason}: ${sentence}`
}

function skip(reason: SkipReason, warnings: readonly string[] = []): SkippedDecision {
  return { outcome: 'skipped', reason, warnings }
}
