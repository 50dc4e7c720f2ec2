import { standaloneCertificate } from '../tls/standalone-certificate.ts'
import type { CertificateSource, CertificateSourceParts } from './certificate-source.ts'
import { followPartsOf, followServingCertificate } from './follow-certificates.ts'

/** Takes what `serve` was told, gives the source of its certificate (`--certs`). Throws errors that say what is wrong. */
export async function findCertificate(parts: CertificateSourceParts): Promise<CertificateSource> {
  if (parts.values.certs === 'standalone') return standalone(parts)
  if (parts.values.certs === 'files') return followServingCertificate(parts.values.certDir, followPartsOf(parts))
  const { keepOwnCertificate } = await import('./self-managed-certificate.ts')
  return keepOwnCertificate(parts)
}

async function standalone({ values, log }: CertificateSourceParts): Promise<CertificateSource> {
  const { certDir: directory } = values
  const found = await standaloneCertificate(directory, new Date())
  const { certificate, origin, remadeBecause, caFile } = found
  log.info({ origin, remadeBecause, directory, notAfter: certificate.notAfter }, 'certificate')
  if (found.isFolderOpenToAll) log.warn({ directory }, 'every user of this machine can put another certificate there')
  return { first: certificate, follow: () => {}, caFile, stop: () => {} }
}
