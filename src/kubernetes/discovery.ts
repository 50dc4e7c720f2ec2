import type { JsonObject } from '../injection/json.ts'
import type { ApiClient } from './api-client.ts'
import type { ClusterLog } from './cluster-log.ts'
import type { ClusterTiming } from './cluster-timing.ts'
import { watchCollection } from './collection-watch.ts'
import { type LinkerdFacts, parseLinkerdConfig } from './linkerd-config.ts'
import { reportFailures } from './report-failures.ts'
import { singleObjectSink } from './single-object.ts'

export interface DiscoveryParts {
  readonly client: ApiClient
  readonly linkerdNamespace: string
  readonly timing: ClusterTiming
  readonly signal: AbortSignal
  readonly log: ClusterLog
}

export interface Discovery {
  /** What `linkerd-config` says now; the same object until it changes. */
  readonly discovered: () => LinkerdFacts
  /** Fulfilled with the first answer, also a refusal, and at the latest after a bound: flags and defaults do as well. */
  readonly settled: Promise<void>
}

/** Starts to watch Linkerd's ConfigMap `linkerd-config`, until the signal aborts. */
export function startDiscovery({ client, linkerdNamespace, timing, signal, log }: DiscoveryParts): Discovery {
  let facts: LinkerdFacts = {}
  const { promise: settled, resolve } = Promise.withResolvers<void>()
  const patience = setTimeout(resolve, timing.discoveryMs)
  signal.addEventListener('abort', () => clearTimeout(patience), { once: true })
  const onChange = (configMap: JsonObject | undefined): void => {
    const config = parseLinkerdConfig(configMap)
    const isNews = JSON.stringify(config.facts) !== JSON.stringify(facts)
    if (isNews) facts = config.facts
    if (configMap === undefined) log.info({ linkerdNamespace }, 'linkerd-config is absent: flags and defaults hold')
    else if (isNews) log.info({ ...facts }, 'linkerd-config read')
    for (const ignored of config.ignored) log.warn({ ignored }, 'linkerd-config: ignored')
  }
  const report = reportFailures('linkerd-config', log)
  void watchCollection({
    client,
    resource: { root: '/api/v1', plural: 'configmaps', namespace: linkerdNamespace, name: 'linkerd-config' },
    sink: singleObjectSink(onChange),
    timing,
    signal,
    onAlive: () => {
      report.onAlive()
      resolve()
    },
    onFailure: (failure) => {
      report.onFailure(failure)
      resolve()
    },
  })
  return { discovered: () => facts, settled }
}
