import { controlPlaneArgs } from './control-plane-args.ts'
import type { InjectionDecision } from './decision.ts'
import type { InstallSettings } from './install-settings.ts'
import type { PodChanges } from './pod-changes.ts'
import { podinfoVolume } from './podinfo-volume.ts'
import type { ProxyContainer } from './proxy-container.ts'
import { proxyEnvironment } from './proxy-environment.ts'
import type { RawPod } from './raw-pod.ts'
import type { TraceSettings } from './trace-settings.ts'

/** A meshed Pod whose settings are valid. */
export interface TraceablePod {
  readonly pod: RawPod
  readonly podNamespace: string
  readonly install: InstallSettings
  readonly proxy: ProxyContainer
  readonly settings: TraceSettings
  readonly warnings: readonly string[]
}

/** Describes what is missing for the Pod to be traced; when nothing is, it is traced already. */
export function tracePod({
  pod,
  podNamespace,
  install,
  proxy,
  settings,
  warnings: earlier,
}: TraceablePod): InjectionDecision {
  const podinfo = podinfoVolume(pod, proxy.container)
  const { env, warnings } = proxyEnvironment(proxy, settings, podinfo.labelsPath)
  const own = controlPlaneArgs({ pod, podNamespace, install, opencensusAddress: settings.opencensusAddress })
  const changes: PodChanges = { proxy: proxy.position, env, podinfo: podinfo.changes, args: own.args }
  const told = { target: settings.target, warnings: [...earlier, ...podinfo.warnings, ...warnings, ...own.warnings] }
  return isEmpty(changes) ? { outcome: 'already-traced', ...told } : { outcome: 'traced', ...told, changes }
}

function isEmpty({ env, podinfo, args }: PodChanges): boolean {
  const edits = env.replace.length + env.remove.length + env.append.length
  return edits === 0 && podinfo.mount === undefined && args.length === 0
}
