import { isJsonObject, type JsonObject, objectOf, textOf } from '../injection/json.ts'
import type { ApiClient, ApiRequest } from './api-client.ts'
import type { ClusterLog } from './cluster-log.ts'
import type { ClusterTiming } from './cluster-timing.ts'
import { watchCollection } from './collection-watch.ts'
import { reportFailures } from './report-failures.ts'
import { isNews } from './resource-version.ts'
import { singleObjectSink } from './single-object.ts'
import { tryWrite, type WriteResult } from './try-write.ts'

/** A Secret's data, decoded, at one version. */
export interface SecretContents {
  readonly version: string
  readonly data: Readonly<Record<string, string>>
}

export interface CertificateSecretParts {
  readonly client: ApiClient
  readonly timing: ClusterTiming
  readonly signal: AbortSignal
  readonly log: ClusterLog
  readonly namespace: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  /** Told of what is there, whenever it was seen; undefined: there is no such Secret. */
  readonly onSeen: (secret: SecretContents | undefined) => void
}

export interface CertificateSecret {
  /** Sets keys (undefined: takes them away), when the Secret still has that version; nothing else of it changes. */
  readonly write: (version: string, data: Readonly<Record<string, string | undefined>>) => Promise<WriteResult>
  /** Makes the Secret, without data. */
  readonly create: () => Promise<WriteResult>
  /** Asks for it anew. Never rejects: what fails is tried again by whoever asked. */
  readonly read: () => Promise<void>
}

/** Server-side apply wants a name for whoever applies. */
const FIELD_MANAGER = 'linkerd-tracing-injector'

/** Starts to watch one Secret, until the signal aborts; gives what writes it. */
export function startCertificateSecret(parts: CertificateSecretParts): CertificateSecret {
  const { client, timing, signal, log, namespace, name, onSeen } = parts
  const collection = { root: '/api/v1', plural: 'secrets', namespace, name } as const
  let live: JsonObject | undefined
  const see = (object: JsonObject | undefined): void => {
    live = object
    onSeen(object === undefined ? undefined : contentsOf(object))
  }
  const report = reportFailures(`Secret ${name}`, log)
  void watchCollection({ client, resource: collection, sink: singleObjectSink(see), timing, signal, ...report })
  const ask = (request: Pick<ApiRequest, 'patch' | 'apply' | 'query'>): Promise<WriteResult> =>
    tryWrite({ log, signal, what: `Secret ${name}` }, async () => {
      const verb = request.patch === undefined && request.apply === undefined ? 'get' : 'patch'
      const resource = { ...collection, verb } as const
      const before = live
      const found = await client.fetchJson({ ...request, resource, idleMs: timing.requestIdleMs, signal })
      if (isJsonObject(found) && isNews({ answer: found, before, now: live })) see(found)
    })
  return {
    write: (version, data) => ask({ patch: patchOf(live, version, data) }),
    create: () => {
      const metadata = { name, namespace, labels: parts.labels }
      const apply = { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque' }
      return ask({ apply, query: { fieldManager: FIELD_MANAGER } })
    },
    read: async () => void (await ask({})),
  }
}

function contentsOf(secret: JsonObject): SecretContents {
  const entries = Object.entries(objectOf(secret, 'data') ?? {}).filter((entry): entry is [string, string] => {
    return typeof entry[1] === 'string'
  })
  const data = Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]))
  return { version: textOf(objectOf(secret, 'metadata'), 'resourceVersion') ?? '', data }
}

/** The version in the patch is what has the API server refuse it (409) when somebody else wrote meanwhile. */
function patchOf(
  live: JsonObject | undefined,
  version: string,
  data: Readonly<Record<string, string | undefined>>,
): readonly object[] {
  const given = Object.entries(data).map(([key, text]) => [key, text === undefined ? undefined : encode(text)])
  // JSON leaves out what is undefined. Keys that are not ours stay.
  const value = { ...objectOf(live, 'data'), ...Object.fromEntries(given) }
  return [
    { op: 'replace', path: '/metadata/resourceVersion', value: version },
    { op: 'add', path: '/data', value },
  ]
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64')
}
