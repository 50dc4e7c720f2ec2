import { isIP } from 'node:net'
import { generate } from 'selfsigned'
import { STANDALONE_CA } from './standalone-names.ts'

/** A serving certificate with the CA that signed it. The CA's key is gone: nothing else can be signed by it. */
export interface IssuedCertificate {
  readonly caPem: string
  readonly certPem: string
  readonly keyPem: string
}

export interface IssueRequest {
  /** DNS names and IP addresses that the certificate is for. */
  readonly names: readonly string[]
  readonly notBefore: Date
  readonly notAfter: Date
}

/** A certificate and its key, PEM. */
export interface KeyPair {
  readonly certPem: string
  readonly keyPem: string
}

export interface CaRequest extends Omit<IssueRequest, 'names'> {
  /**
   * The subject. CAs that stand in one bundle need different ones: selfsigned writes no key identifiers (SKI, AKI), and
   * OpenSSL takes the first CA of the right subject for the issuer.
   */
  readonly commonName: string
}

const ECDSA = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const

/**
 * Takes names and dates, gives a CA and a serving certificate signed by it, both ECDSA P-256 (an RSA handshake costs
 * half as much again). The serving certificate is for server authentication and nothing else.
 */
export async function issueCertificate({ names, ...dates }: IssueRequest): Promise<IssuedCertificate> {
  const ca = await issueCa({ ...dates, commonName: STANDALONE_CA })
  return { caPem: ca.certPem, ...(await issueServing(ca, { names, ...dates })) }
}

/** Takes a subject and dates, gives a CA (ECDSA P-256) that can sign certificates and no further CAs. */
export async function issueCa({ commonName, notBefore, notAfter }: CaRequest): Promise<KeyPair> {
  const ca = await generate([{ name: 'commonName', value: commonName }], {
    ...ECDSA,
    notBeforeDate: notBefore,
    notAfterDate: notAfter,
    extensions: [
      { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  })
  return { certPem: withNewline(ca.cert), keyPem: withNewline(ca.private) }
}

/** Takes a CA, names and dates, gives a certificate (ECDSA P-256) for server authentication and nothing else. */
export async function issueServing(ca: KeyPair, { names, notBefore, notAfter }: IssueRequest): Promise<KeyPair> {
  const leaf = await generate([{ name: 'commonName', value: 'linkerd-tracing' }], {
    ...ECDSA,
    notBeforeDate: notBefore,
    notAfterDate: notAfter,
    ca: { key: ca.keyPem, cert: ca.certPem },
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: names.map(altName) },
    ],
  })
  return { certPem: withNewline(leaf.cert), keyPem: withNewline(leaf.private) }
}

function altName(name: string): { type: 2; value: string } | { type: 7; ip: string } {
  return isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name }
}

function withNewline(pem: string): string {
  return pem.endsWith('\n') ? pem : `${pem}\n`
}
