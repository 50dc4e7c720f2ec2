import { isJsonObject, type JsonObject, listOf, objectOf, textOf } from '../injection/json.ts'
import type { ApiClient } from './api-client.ts'
import type { ClusterLog } from './cluster-log.ts'
import type { ClusterTiming } from './cluster-timing.ts'
import { watchCollection } from './collection-watch.ts'
import { reportFailures } from './report-failures.ts'
import { isNews } from './resource-version.ts'
import { singleObjectSink } from './single-object.ts'
import { tryWrite, type WriteResult } from './try-write.ts'

export interface OwnBundlesParts {
  readonly client: ApiClient
  readonly timing: ClusterTiming
  readonly signal: AbortSignal
  readonly log: ClusterLog
  /** Names of our webhook configurations. */
  readonly configurations: readonly string[]
  /** Names of the entries that are called with our certificate; `forward` is none of them. */
  readonly entries: readonly string[]
  /** Told of the caBundle of each own entry, decoded, in the live order; undefined: there is no such configuration. */
  readonly onSeen: (configuration: string, live: { readonly bundles: readonly string[] } | undefined) => void
}

export interface OwnBundles {
  /** Sets the caBundle of each own entry that is there, and touches nothing else. */
  readonly write: (configuration: string, pem: string) => Promise<WriteResult>
}

const CONFIGURATIONS = {
  root: '/apis/admissionregistration.k8s.io/v1',
  plural: 'mutatingwebhookconfigurations',
} as const

/** Starts to watch our webhook configurations, until the signal aborts; gives what writes their caBundles. */
export function startOwnBundles(parts: OwnBundlesParts): OwnBundles {
  const { client, timing, signal, log, onSeen } = parts
  const live = new Map<string, JsonObject | undefined>()
  const see = (name: string, configuration: JsonObject | undefined): void => {
    live.set(name, configuration)
    const own = ownEntries(configuration, parts.entries)
    onSeen(name, configuration === undefined ? undefined : { bundles: own.map(({ bundle }) => decode(bundle)) })
  }
  for (const name of parts.configurations) {
    const sink = singleObjectSink((configuration) => see(name, configuration))
    const resource = { ...CONFIGURATIONS, name }
    void watchCollection({ client, resource, sink, timing, signal, ...reportFailures(name, log) })
  }
  return {
    write: (name, pem) =>
      tryWrite({ log, signal, what: `caBundle of ${name}` }, async () => {
        const patch = bundlePatch(ownEntries(live.get(name), parts.entries), pem)
        if (patch.length === 0) return
        const resource = { ...CONFIGURATIONS, name, verb: 'patch' } as const
        const before = live.get(name)
        const written = await client.fetchJson({ resource, patch, idleMs: timing.requestIdleMs, signal })
        if (isJsonObject(written) && isNews({ answer: written, before, now: live.get(name) })) see(name, written)
      }),
  }
}

interface OwnEntry {
  readonly index: number
  readonly name: string
  /** Base64, as it stands there; empty when there is none. */
  readonly bundle: string
}

function ownEntries(configuration: JsonObject | undefined, names: readonly string[]): OwnEntry[] {
  return listOf(configuration, 'webhooks').flatMap((entry, index) => {
    const object = isJsonObject(entry) ? entry : undefined
    const name = textOf(object, 'name') ?? ''
    const clientConfig = objectOf(object, 'clientConfig')
    if (clientConfig === undefined || !names.includes(name)) return []
    return [{ index, name, bundle: textOf(clientConfig, 'caBundle') ?? '' }]
  })
}

/** Entries by their place in the live order; their names are tested, so that another order has the whole patch refused. */
function bundlePatch(entries: readonly OwnEntry[], pem: string): object[] {
  const value = Buffer.from(pem).toString('base64')
  return entries
    .filter(({ bundle }) => bundle !== value)
    .flatMap(({ index, name }) => [
      { op: 'test', path: `/webhooks/${index}/name`, value: name },
      // `add` also replaces a member that is there
      { op: 'add', path: `/webhooks/${index}/clientConfig/caBundle`, value },
    ])
}

function decode(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8')
}
