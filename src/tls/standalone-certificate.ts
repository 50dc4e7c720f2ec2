import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { type FolderContents, readCertificateFolder, writeCertificateFolder } from './certificate-folder.ts'
import { parseServingCertificate, type ServingCertificate } from './serving-certificate.ts'

const DAY_MS = 24 * 60 * 60 * 1000
/** Long enough that a developer meets it rarely; it is remade at the next start, so nobody waits for it. */
const VALID_DAYS = 365
/** Certificates made by a machine whose clock runs ahead are taken by one whose clock is right. */
const CLOCK_SKEW_MS = 5 * 60 * 1000

/** What a certificate of our own making is for: a server on the same machine. */
const NAMES = ['localhost', '127.0.0.1', '::1']

export interface StandaloneCertificate {
  readonly certificate: ServingCertificate
  /** `reused`: ours, from an earlier start; `made`: ours, new; `foreign`: somebody else's, used as it is. */
  readonly origin: 'reused' | 'made' | 'foreign'
  /** Why an own certificate of an earlier start was not taken again. */
  readonly remadeBecause?: string
  /** The CA to give to clients; a foreign certificate has none here. */
  readonly caFile?: string
}

/** The folder's certificate is somebody else's and cannot be served with. */
export class ForeignCertificateError extends Error {
  override readonly name = 'ForeignCertificateError'
}

/**
 * Takes a certificate folder and the time, gives the certificate to serve with. A folder with `tls.crt` and `tls.key`
 * but no `ca.crt` is somebody else's: it is used as it is, and throws ForeignCertificateError when it cannot be. Any
 * other is ours: taken again while it is valid, else made anew.
 */
export async function standaloneCertificate(folder: string, now: Date): Promise<StandaloneCertificate> {
  const contents = await readCertificateFolder(folder)
  if (contents.caPem === undefined && contents.certPem !== undefined && contents.keyPem !== undefined) {
    return { certificate: foreignCertificate(folder, contents, now), origin: 'foreign' }
  }
  const caFile = join(folder, 'ca.crt')
  const existing = ownCertificate(contents, now)
  if ('certificate' in existing) return { certificate: existing.certificate, origin: 'reused', caFile }
  const certificate = await makeCertificate(folder, now)
  return { certificate, origin: 'made', caFile, ...existing }
}

function foreignCertificate(folder: string, contents: FolderContents, now: Date): ServingCertificate {
  try {
    return parseServingCertificate({ certPem: contents.certPem ?? '', keyPem: contents.keyPem ?? '', now })
  } catch (cause) {
    const files = `${join(folder, 'tls.crt')} and ${join(folder, 'tls.key')}`
    const hint = 'there is no ca.crt beside them, so they are not ours to remake'
    throw new ForeignCertificateError(`${files} cannot be served with: ${(cause as Error).message} (${hint})`, {
      cause,
    })
  }
}

type OwnCertificate = { readonly certificate: ServingCertificate } | { readonly remadeBecause?: string }

function ownCertificate({ caPem, certPem, keyPem }: FolderContents, now: Date): OwnCertificate {
  if (caPem === undefined && certPem === undefined && keyPem === undefined) return {}
  if (caPem === undefined || certPem === undefined || keyPem === undefined) {
    return { remadeBecause: 'a file of the three is missing' }
  }
  try {
    const certificate = parseServingCertificate({ certPem, keyPem, now })
    const remadeBecause = unfitness(new X509Certificate(certPem), new X509Certificate(caPem), now)
    return remadeBecause === undefined ? { certificate } : { remadeBecause }
  } catch (error) {
    return { remadeBecause: (error as Error).message }
  }
}

function unfitness(leaf: X509Certificate, ca: X509Certificate, now: Date): string | undefined {
  if (!leaf.checkIssued(ca) || !leaf.verify(ca.publicKey)) return 'ca.crt did not sign tls.crt'
  if (Math.min(leaf.validToDate.getTime(), ca.validToDate.getTime()) - now.getTime() < DAY_MS) {
    return 'it expires within a day'
  }
  const missing = NAMES.filter((name) => (isIP(name) === 0 ? leaf.checkHost(name) : leaf.checkIP(name)) === undefined)
  return missing.length === 0 ? undefined : `it is not for ${missing.join(', ')}`
}

async function makeCertificate(folder: string, now: Date): Promise<ServingCertificate> {
  // Loaded here because it takes longer than the rest of a start, and most starts reuse what is there.
  const { issueCertificate } = await import('./issue-certificate.ts')
  const issued = await issueCertificate({
    names: NAMES,
    notBefore: new Date(now.getTime() - CLOCK_SKEW_MS),
    notAfter: new Date(now.getTime() + VALID_DAYS * DAY_MS),
  })
  await writeCertificateFolder(folder, issued)
  return parseServingCertificate({ certPem: issued.certPem, keyPem: issued.keyPem, now })
}
