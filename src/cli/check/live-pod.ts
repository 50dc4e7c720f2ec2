import { decideInjection } from '../../injection/decide-injection.ts'
import type { InjectionDecision } from '../../injection/decision.ts'
import type { InstallSettings } from '../../injection/install-settings.ts'
import type { JsonObject } from '../../injection/json.ts'
import type { NamespaceMeta } from '../../injection/pod-request.ts'
import { findProxy, type ProxyContainer } from '../../injection/proxy-container.ts'
import { readPod } from '../../injection/raw-pod.ts'
import { nameOf } from './entries.ts'

/** A Pod that runs, and what decides over its tracing. */
export interface LivePod {
  readonly pod: JsonObject
  readonly podNamespace: string
  readonly namespace: NamespaceMeta | undefined
  readonly install: InstallSettings
}

/**
 * Takes a live Pod, gives what the webhook would decide if it were created as it is now: `already-traced` when it has all
 * that a new one would get. Pure.
 */
export function decideLivePod({ pod, podNamespace, namespace, install: settings }: LivePod): InjectionDecision {
  const kind = { group: '', version: 'v1', kind: 'Pod' }
  const place = { resource: 'pods', subResource: '', operation: 'CREATE', namespace: podNamespace }
  const request = { uid: '', kind, ...place, name: nameOf(pod), dryRun: true, object: pod }
  return decideInjection({ request, namespace, settings })
}

/** Takes a Pod, gives its proxy; undefined when it is not meshed. Pure. */
export function proxyOfPod(pod: JsonObject): ProxyContainer | undefined {
  const read = readPod(pod)
  return 'wrongType' in read ? undefined : findProxy(read)
}
