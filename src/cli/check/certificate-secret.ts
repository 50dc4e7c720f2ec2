import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto'
import { isJsonObject, type JsonObject, listOf, objectOf, textOf } from '../../injection/json.ts'
import type { InstallLayout } from '../../install/layout.ts'
import { CERT_MANAGER, CERTIFICATE_SECRET, INJECTOR } from '../../install/object-names.ts'
import { parsePemBundle } from '../../tls/pem-bundle.ts'
import type { CheckContext } from './check-context.ts'

/** The Secret that the serving certificate is in. */
export interface FoundSecret {
  readonly namespace: string
  readonly name: string
  /** Its data as text, by key; undefined: it is not there. */
  readonly data: Readonly<Record<string, string>> | undefined
}

/** Takes the layout, reads the Secret of the serving certificate. Throws where it is not known which one that is. */
export async function readCertificateSecret({ cluster }: CheckContext, layout: InstallLayout): Promise<FoundSecret> {
  const { namespace } = layout
  const deployment = await cluster.get({ root: '/apis/apps/v1', plural: 'deployments', namespace }, INJECTOR)
  const name = layout.certs === 'files' ? mountedSecret(deployment) : NAMES[layout.certs]
  if (name === undefined) throw new Error(UNKNOWN)
  const secret = await cluster.get({ root: '/api/v1', plural: 'secrets', namespace }, name)
  return { namespace, name, data: secret === undefined ? undefined : dataOf(secret) }
}

const NAMES = { 'self-managed': CERTIFICATE_SECRET, 'cert-manager': CERT_MANAGER.serving }
const UNKNOWN =
  'the injector’s certificates are files, and no Secret is mounted that they could come from; ask where they are: linkerd-tracing certs verify --cert-dir DIRECTORY'

function mountedSecret(deployment: JsonObject | undefined): string | undefined {
  const spec = objectOf(objectOf(objectOf(deployment, 'spec'), 'template'), 'spec')
  const names = listOf(spec, 'volumes')
    .filter(isJsonObject)
    .map((volume) => textOf(objectOf(volume, 'secret'), 'secretName'))
  return names.find((name) => name !== undefined)
}

function dataOf(secret: JsonObject): Record<string, string> {
  const data = objectOf(secret, 'data') ?? {}
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(String(value), 'base64').toString('utf8')]),
  )
}

export interface ServingPair {
  /** The leaf first. */
  readonly chain: readonly X509Certificate[]
  readonly key: KeyObject | undefined
}

/** Takes the Secret, gives the certificate in it that is served with. Throws a sentence when there is none that can be read. */
export function servingPairOf(secret: FoundSecret): ServingPair {
  const chain = certificatesOf(secret, 'tls.crt')
  if (chain.length === 0) throw new Error(`${describeSecret(secret)} has no certificate in tls.crt`)
  return { chain, key: keyOf(secret.data?.['tls.key'] ?? '') }
}

/** Takes the Secret and a key of its data, gives the certificates there. Throws a sentence when they cannot be read. */
export function certificatesOf(secret: FoundSecret, key: string): X509Certificate[] {
  try {
    return parsePemBundle(secret.data?.[key] ?? '')
  } catch (cause) {
    throw new Error(`${describeSecret(secret)}: ${key}: ${(cause as Error).message}`, { cause })
  }
}

/** Takes the Secret, gives how people name it. */
export function describeSecret({ namespace, name }: FoundSecret): string {
  return `Secret ${namespace}/${name}`
}

function keyOf(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem)
  } catch {
    // No cause: what a parser says about a key may quote it. What is wrong with it the Secret's own check tells.
    return undefined
  }
}
