import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { isFor } from '../certificate-report.ts'
import { parsePemBundle } from '../pem-bundle.ts'
import type { LiveBundle } from './plan-bundle.ts'
import type { Authority, CertificateFacts, IssuedServing, TrustedCa } from './stored-certificates.ts'

/** Takes a certificate, gives what decisions need of it. */
export function factsOf(certificate: X509Certificate): CertificateFacts {
  const { fingerprint256: id, validFromDate, validToDate } = certificate
  return { id, notBefore: validFromDate.getTime(), notAfter: validToDate.getTime() }
}

/** Takes the PEM text of a CA and its key, gives both, checked. Throws an error that says what is wrong, never with contents. */
export function parseAuthority(pem: string, keyPem: string): Authority {
  const certificate = parseOne(pem)
  if (!certificate.ca || !certificate.verify(certificate.publicKey)) throw new Error('is no self-signed CA')
  demandKey(certificate, keyPem)
  return { ...caOf(certificate), keyPem }
}

export interface ServingText {
  readonly pem: string
  readonly keyPem: string
  /** DNS names that it has to be for. */
  readonly names: readonly string[]
}

/** Takes the PEM text of a serving certificate and its key, gives both, checked against the CA. Throws as parseAuthority does. */
export function parseServing(ca: TrustedCa, { pem, keyPem, names }: ServingText): IssuedServing {
  const certificate = parseOne(pem)
  demandKey(certificate, keyPem)
  if (!isSignedBy(certificate, ca)) throw new Error('is not signed by ca.crt')
  if (certificate.ca || certificate.keyUsage?.includes(SERVER_AUTH) !== true) throw new Error('is not for a server')
  const missing = names.filter((name) => !isFor(certificate, name))
  if (missing.length > 0) throw new Error(`is not for ${missing.join(', ')}`)
  return { ...factsOf(certificate), issuer: ca.id, pem: textOf(certificate), keyPem }
}

/** Whether the certificate was signed by the CA. */
export function isSignedBy(certificate: X509Certificate, ca: TrustedCa): boolean {
  const issuer = new X509Certificate(ca.pem)
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
}

/** Takes the text of a caBundle, gives the CAs in it. Throws nothing: what is no CA makes it dirty. */
export function parseLiveBundle(text: string): LiveBundle {
  try {
    const certificates = parsePemBundle(text)
    const cas = certificates.filter(({ ca }) => ca).map(caOf)
    const rest = text.replace(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g, '').trim()
    return { cas, isDirty: rest !== '' || cas.length < certificates.length }
  } catch {
    return { cas: [], isDirty: true }
  }
}

/** Takes a CA's certificate, gives it as it stands in a bundle. */
export function caOf(certificate: X509Certificate): TrustedCa {
  return { ...factsOf(certificate), pem: textOf(certificate) }
}

/** Extended key usage "TLS server authentication", RFC 5280, 4.2.1.12. */
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'

function textOf(certificate: X509Certificate): string {
  return `${certificate.toString().trimEnd()}\n`
}

function parseOne(pem: string): X509Certificate {
  const [certificate, ...others] = parsePemBundle(pem)
  if (certificate === undefined || others.length > 0) throw new Error('is not one PEM certificate')
  return certificate
}

function demandKey(certificate: X509Certificate, keyPem: string): void {
  let key: KeyObject
  try {
    key = createPrivateKey(keyPem)
  } catch {
    // No cause: what a parser says about a key may quote it.
    throw new Error('has a key that cannot be read')
  }
  if (!certificate.checkPrivateKey(key)) throw new Error('has a key that is not its own')
  // We make no other. One put there by hand could not sign, or be refused by TLS, and would be found out too late.
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Error('has a key that is not ECDSA P-256')
}
