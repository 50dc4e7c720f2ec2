import { randomBytes, X509Certificate } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder, readIfThere, writeWhole } from './certificate-folder.ts'
import { isFor } from './certificate-report.ts'
import { issueCa, issueServing, type KeyPair } from './issue-certificate.ts'
import { splitPemBundle } from './pem-bundle.ts'
import { parseServingCertificate } from './serving-certificate.ts'

/**
 * A folder with a CA that can sign, its serving certificate, and the bundle that trusts it. The names are those of the
 * self-managed Secret; `ca-bundle.crt` is what belongs into the caBundle of the webhook configurations.
 */
const FILES = {
  ca: ['ca.crt', 'ca.key'],
  next: ['next-ca.crt', 'next-ca.key'],
  serving: ['tls.crt', 'tls.key'],
  old: 'old-ca.crt',
  bundle: 'ca-bundle.crt',
} as const

export interface AuthorityFolderRequest {
  readonly folder: string
  /** DNS names and IP addresses of the serving certificate. */
  readonly names: readonly string[]
  readonly caLifetimeMs: number
  readonly servingLifetimeMs: number
  readonly now: Date
}

/** Certificates made by a machine whose clock runs ahead are taken by one whose clock is right. */
const CLOCK_SKEW_MS = 5 * 60 * 1000

/** A folder that is not as it has to be; the message says what is wrong, and what to do. */
export class AuthorityFolderError extends Error {
  override readonly name = 'AuthorityFolderError'
}

/**
 * Takes a folder, makes a CA and a serving certificate in it, unless they are there: then it gives `kept` and touches
 * nothing. Throws AuthorityFolderError when only some are there, or they are good for nothing: nothing is overwritten.
 */
export async function generateAuthority(request: AuthorityFolderRequest): Promise<'made' | 'kept'> {
  const { folder } = request
  const [ca, serving] = [await readPair(folder, FILES.ca), await readPair(folder, FILES.serving)]
  const texts = [ca.certPem, ca.keyPem, serving.certPem, serving.keyPem]
  if (texts.every((text) => text !== undefined)) {
    demandServing(request, { certPem: serving.certPem ?? '', keyPem: serving.keyPem ?? '' })
    await writeBundle(folder)
    return 'kept'
  }
  if (
    serving.certPem !== undefined ||
    serving.keyPem !== undefined ||
    (ca.certPem === undefined) !== (ca.keyPem === undefined)
  ) {
    throw new AuthorityFolderError(
      `${folder} has some of ca.crt, ca.key, tls.crt and tls.key, but not all: they are not overwritten; name an empty directory`,
    )
  }
  await makeFolder(folder)
  // A run that was killed after the CA goes on from there.
  if (ca.certPem === undefined) await writePair(folder, FILES.ca, await newCa(request))
  await issueInto(request, await demandCa(folder))
  await writeBundle(folder)
  return 'made'
}

/** Takes a folder, makes a new serving certificate by its CA. Throws AuthorityFolderError when the CA cannot sign it. */
export async function rotateServing(request: AuthorityFolderRequest): Promise<void> {
  await issueInto(request, await demandCa(request.folder))
  await writeBundle(request.folder)
}

/** Takes a folder, makes the CA that will sign next and adds it to the bundle; gives whether there was none yet. */
export async function addCa(request: AuthorityFolderRequest): Promise<boolean> {
  const { folder } = request
  await demandCa(folder)
  const { certPem, keyPem } = await readPair(folder, FILES.next)
  const isNew = certPem === undefined || keyPem === undefined
  if (isNew) await writePair(folder, FILES.next, await newCa(request))
  await writeBundle(folder)
  return isNew
}

/**
 * Takes a folder, has the next CA sign from now on: a new serving certificate; the old CA stays in the bundle. Gives
 * false when there is no next CA. Whatever step it dies after, it can be run again.
 */
export async function useCa(request: AuthorityFolderRequest): Promise<boolean> {
  const { folder } = request
  const next = await readPair(folder, FILES.next)
  if (next.certPem === undefined || next.keyPem === undefined) return false
  const pair = { certPem: next.certPem, keyPem: next.keyPem }
  const [current, old] = await Promise.all([
    readIfThere(join(folder, FILES.ca[0])),
    readIfThere(join(folder, FILES.old)),
  ])
  const olds = unique(`${current ?? ''}\n${old ?? ''}`).filter((pem) => pem !== unique(pair.certPem)[0])
  await writeWhole(join(folder, FILES.old), joinPem(olds))
  await issueInto(request, pair)
  await writePair(folder, FILES.ca, pair)
  await Promise.all(FILES.next.map((file) => rm(join(folder, file), { force: true })))
  await writeBundle(folder)
  return true
}

/** Takes a folder, takes the old CAs out of the bundle; gives whether there were any. */
export async function dropCa({ folder }: Pick<AuthorityFolderRequest, 'folder'>): Promise<boolean> {
  await demandCa(folder)
  const hadOld = (await readIfThere(join(folder, FILES.old))) !== undefined
  await rm(join(folder, FILES.old), { force: true })
  await writeBundle(folder)
  return hadOld
}

async function issueInto(
  { folder, names, servingLifetimeMs, now }: AuthorityFolderRequest,
  ca: KeyPair,
): Promise<void> {
  const caEnd = caEndOf(folder, ca, now)
  const notAfter = new Date(now.getTime() + servingLifetimeMs)
  if (notAfter > caEnd) {
    throw new AuthorityFolderError(
      `the CA in ${folder} ends at ${caEnd.toISOString()}, before the new certificate would: make another CA first (certs rotate --ca add)`,
    )
  }
  const notBefore = new Date(now.getTime() - CLOCK_SKEW_MS)
  await writePair(folder, FILES.serving, await issueServing(ca, { names, notBefore, notAfter }))
}

function caEndOf(folder: string, ca: KeyPair, now: Date): Date {
  try {
    return parseServingCertificate({ ...ca, now }).notAfter
  } catch (cause) {
    throw new AuthorityFolderError(`the CA in ${folder} cannot sign: ${(cause as Error).message}`, { cause })
  }
}

function demandServing({ folder, names, now }: AuthorityFolderRequest, pair: KeyPair): void {
  const hint = 'make another by certs rotate'
  try {
    parseServingCertificate({ ...pair, now })
  } catch (cause) {
    const { message } = cause as Error
    throw new AuthorityFolderError(`${join(folder, 'tls.crt')} cannot be served with: ${message}; ${hint}`, { cause })
  }
  const leaf = new X509Certificate(pair.certPem)
  const missing = names.filter((name) => !isFor(leaf, name))
  if (missing.length === 0) return
  throw new AuthorityFolderError(`${join(folder, 'tls.crt')} is not for ${missing.join(', ')}; ${hint}`)
}

/** Names differ, because a bundle may hold several CAs, and OpenSSL tells them apart by their subjects. */
function newCa({ now, caLifetimeMs }: AuthorityFolderRequest): Promise<KeyPair> {
  return issueCa({
    commonName: `linkerd-tracing CA ${randomBytes(6).toString('hex')}`,
    notBefore: new Date(now.getTime() - CLOCK_SKEW_MS),
    notAfter: new Date(now.getTime() + caLifetimeMs),
  })
}

async function demandCa(folder: string): Promise<KeyPair> {
  const { certPem, keyPem } = await readPair(folder, FILES.ca)
  if (certPem === undefined || keyPem === undefined) {
    throw new AuthorityFolderError(`${folder} has no ca.crt with its ca.key to sign with: make them by certs generate`)
  }
  return { certPem, keyPem }
}

type PairFiles = readonly [cert: string, key: string]

async function readPair(
  folder: string,
  [cert, key]: PairFiles,
): Promise<{ [Part in keyof KeyPair]: string | undefined }> {
  const [certPem, keyPem] = await Promise.all([readIfThere(join(folder, cert)), readIfThere(join(folder, key))])
  return { certPem, keyPem }
}

/** The key first: who sees the new certificate finds its key. */
async function writePair(folder: string, [cert, key]: PairFiles, pair: KeyPair): Promise<void> {
  await writeWhole(join(folder, key), pair.keyPem)
  await writeWhole(join(folder, cert), pair.certPem)
}

async function writeBundle(folder: string): Promise<void> {
  const files = [FILES.ca[0], FILES.next[0], FILES.old]
  const texts = await Promise.all(files.map((file) => readIfThere(join(folder, file))))
  await writeWhole(join(folder, FILES.bundle), joinPem(unique(texts.join('\n'))))
}

function unique(text: string): string[] {
  return [...new Set(splitPemBundle(text))]
}

function joinPem(certificates: readonly string[]): string {
  return certificates.map((pem) => `${pem}\n`).join('')
}
