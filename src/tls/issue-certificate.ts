import { isIP } from 'node:net'
import { generate } from 'selfsigned'

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

/**
 * Takes names and dates, gives a CA and a serving certificate signed by it, both ECDSA P-256 (an RSA handshake costs
 * half as much again). The serving certificate is for server authentication and nothing else.
 */
export async function issueCertificate({ names, notBefore, notAfter }: IssueRequest): Promise<IssuedCertificate> {
  const dates = { notBeforeDate: notBefore, notAfterDate: notAfter }
  const ecdsa = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const
  const ca = await generate([{ name: 'commonName', value: 'linkerd-tracing CA' }], {
    ...ecdsa,
    ...dates,
    extensions: [
      { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  })
  const leaf = await generate([{ name: 'commonName', value: 'linkerd-tracing' }], {
    ...ecdsa,
    ...dates,
    ca: { key: ca.private, cert: ca.cert },
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: names.map(altName) },
    ],
  })
  return { caPem: withNewline(ca.cert), certPem: withNewline(leaf.cert), keyPem: withNewline(leaf.private) }
}

function altName(name: string): { type: 2; value: string } | { type: 7; ip: string } {
  return isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name }
}

function withNewline(pem: string): string {
  return pem.endsWith('\n') ? pem : `${pem}\n`
}
