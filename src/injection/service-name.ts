import type { InstallSettings } from './install-settings.ts'
import { textOf } from './json.ts'
import { APP_INSTANCE, APP_NAME, COLLECTOR_NAME, RESOURCE_ATTRIBUTE_PREFIX } from './metadata-names.ts'
import type { NamespaceMeta } from './pod-request.ts'
import type { RawPod } from './raw-pod.ts'
import type { Setting } from './setting-sources.ts'

/** What viz's link to Jaeger looks for, and Linkerd's own last resort. */
export const DEFAULT_SERVICE_NAME = 'linkerd-proxy'

const SERVICE_NAME_ATTRIBUTE = `${RESOURCE_ATTRIBUTE_PREFIX}service.name`

export interface ServiceNameSources {
  readonly pod: RawPod
  readonly namespace: NamespaceMeta | undefined
  readonly install: InstallSettings
}

/**
 * Resolves the proxy's `service.name`; an empty one counts as absent.
 * The labels and the last resort are Linkerd's own rule since edge-25.10.2.
 */
export function resolveServiceName({ pod, namespace, install }: ServiceNameSources): Setting {
  const candidates: [string | undefined, string][] = [
    [textOf(pod.annotations, COLLECTOR_NAME), `Pod annotation ${COLLECTOR_NAME}`],
    [textOf(pod.annotations, SERVICE_NAME_ATTRIBUTE), `Pod annotation ${SERVICE_NAME_ATTRIBUTE}`],
    [textOf(namespace?.annotations, COLLECTOR_NAME), `Namespace annotation ${COLLECTOR_NAME}`],
    [textOf(namespace?.annotations, SERVICE_NAME_ATTRIBUTE), `Namespace annotation ${SERVICE_NAME_ATTRIBUTE}`],
    [install.serviceName, 'install setting --service-name'],
    [textOf(pod.labels, APP_INSTANCE), `Pod label ${APP_INSTANCE}`],
    [textOf(pod.labels, APP_NAME), `Pod label ${APP_NAME}`],
  ]
  const [text = DEFAULT_SERVICE_NAME, source = 'default'] = candidates.find(([value]) => value) ?? []
  return { text, source }
}
