import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { readIfThere } from '../../tls/certificate-folder.ts'
import type { NamedBundle } from '../../tls/certificate-report.ts'
import { parsePemBundle } from '../../tls/pem-bundle.ts'
import { type ClusterAccess, type ClusterFlags, readBundles, readSecret } from './cluster.ts'

export interface SourceFlags extends ClusterFlags {
  readonly certDir?: string
  readonly file?: string
  readonly secret?: string
  readonly url?: string
  readonly caFile?: string
  readonly bundles?: boolean
}

/** What was read of a certificate, before anything is said of it. */
export interface ReadCertificate {
  readonly source: string
  readonly chain: readonly X509Certificate[]
  readonly key?: KeyObject | undefined
  readonly bundles: readonly NamedBundle[]
}

/** Takes the flags of `certs show` and `verify`, reads the certificate and its bundles. Throws errors that name the source. */
export async function readSource(flags: SourceFlags, env: ClusterAccess['env']): Promise<ReadCertificate> {
  const access = { flags, env }
  const found = await readOne(flags, access)
  const bundles = [
    ...found.bundles,
    ...(flags.caFile === undefined ? [] : [bundleOf(flags.caFile, await readText(flags.caFile))]),
    ...(flags.bundles === true ? await readBundles(access) : []),
  ]
  return { ...found, bundles }
}

async function readOne(flags: SourceFlags, access: ClusterAccess): Promise<ReadCertificate> {
  const { certDir, file, secret, url } = flags
  if ([certDir, file, secret, url].filter((one) => one !== undefined).length !== 1) {
    throw new Error('name one of --cert-dir, --file, --secret and --url')
  }
  if (certDir !== undefined) return readDirectory(certDir)
  if (file !== undefined) return certificateOf(file, { 'tls.crt': await readText(file) })
  if (secret !== undefined) {
    return certificateOf(`Secret ${flags.namespace}/${secret}`, await readSecret(access, secret))
  }
  return readServer(url ?? '')
}

/** The files in the order in which their CAs are looked at; the bundle has those of ca.crt too. */
const BUNDLE_FILES = ['ca-bundle.crt', 'ca.crt']

async function readDirectory(directory: string): Promise<ReadCertificate> {
  const files = ['tls.crt', 'tls.key', ...BUNDLE_FILES]
  const texts = await Promise.all(files.map((file) => readIfThere(join(directory, file))))
  const data = Object.fromEntries(
    files.flatMap((file, index) => (texts[index] === undefined ? [] : [[file, texts[index]]])),
  )
  return certificateOf(directory, data)
}

/** Files or the data of a Secret alike. */
function certificateOf(source: string, data: Readonly<Record<string, string | undefined>>): ReadCertificate {
  const text = data['tls.crt']
  if (text === undefined) throw new Error(`${source} has no tls.crt`)
  const chain = parseNamed(source, text)
  if (chain.length === 0) throw new Error(`${source}: there is no certificate in it`)
  const bundleFile = BUNDLE_FILES.find((file) => data[file] !== undefined)
  // The self-managed Secret has each CA in a key of its own.
  const cas = [bundleFile ?? '', 'next-ca.crt', 'old-ca.crt'].map((file) => data[file] ?? '').join('\n')
  return {
    source,
    chain,
    key: keyOf(source, data['tls.key']),
    bundles: bundleFile === undefined ? [] : [bundleOf(`${bundleFile} of ${source}`, cas)],
  }
}

function keyOf(source: string, pem: string | undefined): KeyObject | undefined {
  if (pem === undefined) return undefined
  try {
    return createPrivateKey(pem)
  } catch {
    // No cause: what a parser says about a key may quote it.
    throw new Error(`${source}: tls.key is not unencrypted PEM that can be read`)
  }
}

function bundleOf(name: string, pem: string): NamedBundle {
  return { name, certificates: parseNamed(name, pem) }
}

function parseNamed(source: string, pem: string): X509Certificate[] {
  try {
    return parsePemBundle(pem)
  } catch (cause) {
    throw new Error(`${source}: ${(cause as Error).message}`, { cause })
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new Error(`${file} cannot be read: ${(cause as NodeJS.ErrnoException).code}`, { cause })
  }
}

const CONNECT_MS = 10_000

async function readServer(url: string): Promise<ReadCertificate> {
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:') throw new Error(`--url ${url} is no https:// URL`)
  const { hostname, port } = new URL(url)
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  const { promise, resolve, reject } = Promise.withResolvers<X509Certificate[]>()
  // Whatever it shows is looked at: whether it is trusted is said, not demanded.
  const socket = connect({ host, port: Number(port || 443), rejectUnauthorized: false, timeout: CONNECT_MS }, () => {
    const leaf = socket.getPeerX509Certificate()
    resolve(leaf === undefined ? [] : chainFrom(leaf))
  })
  socket.on('error', reject).on('timeout', () => reject(new Error('no answer within 10 s')))
  try {
    return { source: url, chain: await promise, bundles: [] }
  } catch (cause) {
    throw new Error(`${url} cannot be reached: ${(cause as Error).message}`, { cause })
  } finally {
    socket.destroy()
  }
}

/** What the server sent along; Node links the certificates by their issuers. */
function chainFrom(leaf: X509Certificate): X509Certificate[] {
  const chain = [leaf]
  for (let next = leaf.issuerCertificate; next !== undefined; next = next.issuerCertificate) {
    if (chain.some(({ fingerprint256 }) => fingerprint256 === next?.fingerprint256)) break
    chain.push(next)
  }
  return chain
}
