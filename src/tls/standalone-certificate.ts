import { X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import {
  type FolderContents,
  isOpenToAll,
  readCertificateFolder,
  writeCertificateFolder,
} from './certificate-folder.ts'
import { fileSystemReason } from './file-system-reason.ts'
import { parseServingCertificate, type ServingCertificate } from './serving-certificate.ts'
import { folderOwner } from './standalone-owner.ts'

const DAY_MS = 24 * 60 * 60 * 1000
/** Long enough that a developer meets it rarely; it is remade at the next start, so nobody waits for it. */
const VALID_DAYS = 365
/** Certificates made by a machine whose clock runs ahead are taken by one whose clock is right. */
const CLOCK_SKEW_MS = 5 * 60 * 1000

/** What a certificate of our own making is for: a server on the same machine. */
const HOST_NAMES = ['localhost']
const ADDRESSES = ['127.0.0.1', '::1']

export interface StandaloneCertificate {
  readonly certificate: ServingCertificate
  /** `reused`: ours, from an earlier start; `made`: ours, new; `foreign`: somebody else's, used as it is. */
  readonly origin: 'reused' | 'made' | 'foreign'
  /** Why an own certificate of an earlier start was not taken again. */
  readonly remadeBecause?: string
  /** The CA to give to clients; of a foreign certificate it is not known. */
  readonly caFile?: string
  /** Whether every user of the machine may put another certificate there. */
  readonly isFolderOpenToAll: boolean
}

/** The folder cannot be served from, and is left as it is; the message names the file and says what to do. */
export class CertificateFolderError extends Error {
  override readonly name = 'CertificateFolderError'
}

/**
 * Takes a certificate folder and the time, gives the certificate to serve with. What we have made there is taken again
 * while it is valid, else made anew. Everything else is somebody else's: a pair is used as it is, whatever its names,
 * and nothing is ever written over. Throws CertificateFolderError when the pair cannot be served with, when half of it
 * is there, and when the file system says no.
 */
export async function standaloneCertificate(folder: string, now: Date): Promise<StandaloneCertificate> {
  try {
    return await findOrMake(folder, now)
  } catch (cause) {
    const reason = fileSystemReason(cause)
    if (reason === undefined) throw cause
    // The one case in which it is a file that is wrong, and not the folder.
    const { code, path = '' } = cause as NodeJS.ErrnoException
    const subject = code === 'EISDIR' ? `${path}: ` : ''
    throw new CertificateFolderError(`--cert-dir ${JSON.stringify(folder)} cannot be used: ${subject}${reason}`, {
      cause,
    })
  }
}

async function findOrMake(folder: string, now: Date): Promise<StandaloneCertificate> {
  const contents = await readCertificateFolder(folder)
  if (folderOwner(contents) === 'somebody') {
    const certificate = foreignCertificate(folder, contents, now)
    return { certificate, origin: 'foreign', isFolderOpenToAll: await isOpenToAll(folder) }
  }
  const existing = ownCertificate(contents, now)
  const isReused = 'certificate' in existing
  const certificate = isReused ? existing.certificate : await makeCertificate(folder, now)
  const made = { certificate, caFile: join(folder, 'ca.crt'), isFolderOpenToAll: await isOpenToAll(folder) }
  return isReused ? { ...made, origin: 'reused' } : { ...made, ...existing, origin: 'made' }
}

function foreignCertificate(folder: string, { certPem, keyPem }: FolderContents, now: Date): ServingCertificate {
  const files = { crt: join(folder, 'tls.crt'), key: join(folder, 'tls.key') }
  const hint =
    'it was not made by serve, so it is left as it is; name another --cert-dir, or mend it (--certs files serves what is not ours, and waits for it)'
  if (certPem === undefined && keyPem === undefined) {
    throw new CertificateFolderError(`${join(folder, 'ca.crt')} has no tls.crt and tls.key beside it; ${hint}`)
  }
  if (certPem === undefined) throw new CertificateFolderError(`${files.key} has no tls.crt beside it; ${hint}`)
  if (keyPem === undefined) throw new CertificateFolderError(`${files.crt} has no tls.key beside it; ${hint}`)
  try {
    return parseServingCertificate({ certPem, keyPem, now })
  } catch (cause) {
    const message = `${files.crt} and ${files.key} cannot be served with: ${(cause as Error).message}; ${hint}`
    throw new CertificateFolderError(message, { cause })
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
  const missing = [
    ...HOST_NAMES.filter((name) => leaf.checkHost(name) === undefined),
    ...ADDRESSES.filter((address) => leaf.checkIP(address) === undefined),
  ]
  return missing.length === 0 ? undefined : `it is not for ${missing.join(', ')}`
}

async function makeCertificate(folder: string, now: Date): Promise<ServingCertificate> {
  // Loaded here because it takes longer than the rest of a start, and most starts reuse what is there.
  const { issueCertificate } = await import('./issue-certificate.ts')
  const issued = await issueCertificate({
    names: [...HOST_NAMES, ...ADDRESSES],
    notBefore: new Date(now.getTime() - CLOCK_SKEW_MS),
    notAfter: new Date(now.getTime() + VALID_DAYS * DAY_MS),
  })
  await writeCertificateFolder(folder, issued)
  return parseServingCertificate({ certPem: issued.certPem, keyPem: issued.keyPem, now })
}
