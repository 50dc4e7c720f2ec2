import { createPrivateKey, X509Certificate } from 'node:crypto'

/** A certificate and key that a TLS server can serve with, checked. */
export interface ServingCertificate {
  /** The leaf first, then its chain, PEM. */
  readonly certPem: string
  readonly keyPem: string
  readonly notAfter: Date
}

/** Why a certificate and key cannot be served with; the message is the end of a sentence that names them. */
export class InvalidCertificateError extends Error {
  override readonly name = 'InvalidCertificateError'
  /** Which of the two is to blame. */
  readonly part: 'certificate' | 'key'

  constructor(
    message: string,
    { part = 'certificate', ...options }: ErrorOptions & { part?: 'certificate' | 'key' } = {},
  ) {
    super(message, options)
    this.part = part
  }
}

export interface CertificateParts {
  readonly certPem: string
  readonly keyPem: string
  readonly now: Date
}

/**
 * Takes the PEM text of a certificate (chain) and its key, gives them checked. Throws InvalidCertificateError when one
 * cannot be read, when they are not a pair, or when the certificate is not valid at `now`. The key never gets into a
 * message.
 */
export function parseServingCertificate({ certPem, keyPem, now }: CertificateParts): ServingCertificate {
  const leaf = parseCertificate(certPem)
  const key = parseKey(keyPem)
  if (!leaf.checkPrivateKey(key))
    throw new InvalidCertificateError('the key is not the one of the certificate', { part: 'key' })
  if (leaf.validFromDate > now) {
    throw new InvalidCertificateError(`the certificate is valid only from ${leaf.validFromDate.toISOString()}`)
  }
  if (leaf.validToDate <= now) {
    throw new InvalidCertificateError(`the certificate expired at ${leaf.validToDate.toISOString()}`)
  }
  return { certPem, keyPem, notAfter: leaf.validToDate }
}

function parseCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch (cause) {
    throw new InvalidCertificateError('the certificate is not PEM that can be read', { cause })
  }
}

function parseKey(pem: string): ReturnType<typeof createPrivateKey> {
  try {
    return createPrivateKey(pem)
  } catch {
    // No cause: what a parser says about a key may quote it.
    throw new InvalidCertificateError('the key is not unencrypted PEM that can be read', { part: 'key' })
  }
}
