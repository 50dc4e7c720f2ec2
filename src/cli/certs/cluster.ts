import { isJsonObject, type JsonObject } from '../../injection/json.ts'
import { ENTRIES, MARK_CONFIGURATION, TRACE_CONFIGURATION } from '../../install/object-names.ts'
import { type ApiClient, createApiClient } from '../../kubernetes/api-client.ts'
import type { ApiResource } from '../../kubernetes/api-resource.ts'
import { findKubectlCluster } from '../../kubernetes/find-cluster.ts'
import { nameServer } from '../../kubernetes/name-server.ts'
import type { NamedBundle } from '../../tls/certificate-report.ts'
import { parsePemBundle } from '../../tls/pem-bundle.ts'
import { parseSecretData } from '../../tls/self-managed/secret-data.ts'
import { MAX_OLD } from '../../tls/self-managed/stored-certificates.ts'

export interface ClusterFlags {
  readonly namespace: string
  readonly kubeconfig?: string
  readonly context?: string
}

export interface ClusterAccess {
  readonly flags: ClusterFlags
  readonly env: Readonly<Record<string, string | undefined>>
}

/** A person waits for the answer. */
const PATIENCE_MS = 15_000

/** Takes a Secret's name, gives its data as text. Throws ApiError, or a sentence that says what is missing. */
export async function readSecret(access: ClusterAccess, name: string): Promise<Readonly<Record<string, string>>> {
  const secret = await withClient(access, (client) => fetchObject(client, secretOf(access, name, 'get')))
  const data = isJsonObject(secret['data']) ? secret['data'] : {}
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, decode(value)]))
}

/** Gives the caBundle of each entry of our two configurations that leads to us. Throws ApiError. */
export async function readBundles(access: ClusterAccess): Promise<NamedBundle[]> {
  return withClient(access, async (client) => {
    const found = await Promise.all(
      [MARK_CONFIGURATION, TRACE_CONFIGURATION].map((name) =>
        fetchObject(client, {
          verb: 'get',
          root: '/apis/admissionregistration.k8s.io/v1',
          plural: 'mutatingwebhookconfigurations',
          name,
        }),
      ),
    )
    return found.flatMap(bundlesOf)
  })
}

export interface RotationRequest extends ClusterAccess {
  readonly secret: string
  readonly what: 'ca' | 'serving'
}

/**
 * Takes a Secret and what is wanted, leaves the request in it, where self-managed injectors look for it; gives false where
 * what is wanted is on its way already, and nothing was left. Throws ApiError, or a sentence that says what is in the way.
 */
export async function askForRotation({ secret, what, ...access }: RotationRequest): Promise<boolean> {
  const data = await readSecret(access, secret)
  const name = `Secret ${access.flags.namespace}/${secret}`
  if (data['ca.key'] === undefined) {
    throw new Error(`${name} is not that of self-managed injectors: it has no ca.key`)
  }
  const { next, old } = parseSecretData(data, [])
  if (what === 'ca' && next !== undefined) return false
  if (what === 'ca' && old.length >= MAX_OLD) {
    const ends = old.map(({ ca, last }) => Math.min(ca.notAfter, last?.notAfter ?? ca.notAfter))
    const end = new Date(Math.min(...ends)).toISOString()
    throw new Error(
      `${name} has ${old.length} old CAs, and no more are kept: ask again when the first of them has gone, which is soon after ${end}`,
    )
  }
  const patch = [{ op: 'add', path: '/data/rotate', value: Buffer.from(what).toString('base64') }]
  await withClient(access, (client) =>
    client.fetchJson({ resource: secretOf(access, secret, 'patch'), patch, ...bounds() }),
  )
  return true
}

async function withClient<T>({ flags, env }: ClusterAccess, use: (client: ApiClient) => Promise<T>): Promise<T> {
  const config = findKubectlCluster({ kubeconfig: flags.kubeconfig, context: flags.context, env })
  const client = nameServer(createApiClient(config), config.getCurrentCluster()?.server ?? '')
  try {
    return await use(client)
  } finally {
    client.close()
  }
}

function secretOf({ flags }: ClusterAccess, name: string, verb: 'get' | 'patch'): ApiResource {
  return { verb, root: '/api/v1', plural: 'secrets', namespace: flags.namespace, name }
}

async function fetchObject(client: ApiClient, resource: ApiResource): Promise<JsonObject> {
  const found = await client.fetchJson({ resource, ...bounds() })
  return isJsonObject(found) ? found : {}
}

function bounds(): { idleMs: number; signal: AbortSignal } {
  return { idleMs: PATIENCE_MS, signal: AbortSignal.timeout(PATIENCE_MS) }
}

function bundlesOf(configuration: JsonObject): NamedBundle[] {
  const entries: unknown = configuration['webhooks']
  return (Array.isArray(entries) ? entries : []).flatMap((entry: unknown) => {
    const { name, clientConfig } = isJsonObject(entry) ? entry : {}
    // Linkerd's own bundle belongs into this one, and its CA has not signed ours.
    if (typeof name !== 'string' || name === ENTRIES.forward) return []
    const bundle = isJsonObject(clientConfig) ? clientConfig['caBundle'] : undefined
    return [{ name: `caBundle of ${name}`, certificates: parseOrNone(decode(bundle)) }]
  })
}

/** What cannot be read trusts nobody, and is reported as that. */
function parseOrNone(pem: string): NamedBundle['certificates'] {
  try {
    return parsePemBundle(pem)
  } catch {
    return []
  }
}

function decode(value: unknown): string {
  return typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : ''
}
