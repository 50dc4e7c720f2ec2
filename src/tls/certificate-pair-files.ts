import { createHash } from 'node:crypto'
import { readFile, realpath, stat } from 'node:fs/promises'
import { platform } from 'node:os'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { fileSystemReason } from './file-system-reason.ts'
import { InvalidCertificateError, parseServingCertificate, type ServingCertificate } from './serving-certificate.ts'

/** A certificate or key file that cannot be served with; the message names it and says why, never what is in it. */
export class CertificateFileError extends Error {
  override readonly name = 'CertificateFileError'
}

/** A pair that was read from files, checked. */
export interface CertificatePairFiles {
  readonly certificate: ServingCertificate
  readonly keyFile: string
  /** Whether every user of the machine may read the key. */
  readonly isKeyOpenToAll: boolean
}

/**
 * Takes a folder with `tls.crt` and `tls.key`, gives the pair, both files of one moment. The kubelet mounts a Secret as
 * links into `..data`, itself a link that is swapped for another folder when the Secret has changed (kubernetes
 * pkg/volume/util/atomic_writer.go): resolved once, both files come from the same folder. Throws CertificateFileError.
 */
export async function readCertificatePair(folder: string, now: Date): Promise<CertificatePairFiles> {
  const moment = await realpath(join(folder, '..data')).catch(() => folder)
  const [certFile, keyFile] = [join(folder, 'tls.crt'), join(folder, 'tls.key')]
  const [certPem, keyPem, mode] = await Promise.all([
    readNamed(join(moment, 'tls.crt'), certFile),
    readNamed(join(moment, 'tls.key'), keyFile),
    stat(join(moment, 'tls.key')).then(
      (found) => found.mode,
      () => 0,
    ),
  ])
  try {
    const certificate = parseServingCertificate({ certPem, keyPem, now })
    assertServable(certificate)
    // On Windows the mode says nothing about who may read.
    return { certificate, keyFile, isKeyOpenToAll: platform() !== 'win32' && (mode & 0o004) !== 0 }
  } catch (cause) {
    if (!(cause instanceof InvalidCertificateError)) throw cause
    const file = cause.part === 'key' ? keyFile : certFile
    throw new CertificateFileError(`${file} cannot be served with: ${cause.message}`, { cause })
  }
}

/** Takes a pair, gives what tells it from another. */
export function pairIdentity({ certificate: { certPem, keyPem } }: CertificatePairFiles): string {
  return createHash('sha256').update(certPem).update('\0').update(keyPem).digest('hex')
}

/** Takes a path, gives the file's text. Throws CertificateFileError, with the path to show where it differs. */
export async function readNamed(path: string, shown = path): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new CertificateFileError(`${shown} cannot be read: ${fileSystemReason(cause) ?? String(cause)}`, { cause })
  }
}

/** What only OpenSSL refuses: a broken certificate further down the chain, a key that is too weak for TLS. */
function assertServable({ certPem, keyPem }: ServingCertificate): void {
  try {
    createSecureContext({ cert: certPem, key: keyPem })
  } catch (error) {
    // The code only: OpenSSL's message is about the files' content.
    const { code = 'no code' } = error as NodeJS.ErrnoException
    throw new InvalidCertificateError(`the certificate chain or key is refused by OpenSSL (${code})`)
  }
}
