import type { KeyObject, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'

/** One certificate of a chain, as people want to see it. */
export interface CertificateLine {
  readonly subject: string
  readonly issuer: string
  /** Subject alternative names, as Node writes them: `DNS:a, IP Address:b`. */
  readonly names: string
  readonly notBefore: string
  readonly notAfter: string
  readonly isCa: boolean
  readonly fingerprint: string
}

/** CAs, and where they come from. */
export interface NamedBundle {
  readonly name: string
  readonly certificates: readonly X509Certificate[]
}

export interface ReportRequest {
  readonly source: string
  /** The leaf first. */
  readonly chain: readonly X509Certificate[]
  /** Its key, where it is known. */
  readonly key?: KeyObject | undefined
  readonly bundles: readonly NamedBundle[]
  /** Names that it has to be for. */
  readonly wantedNames: readonly string[]
  readonly now: Date
}

export interface CertificateReport {
  readonly source: string
  readonly chain: readonly CertificateLine[]
  readonly key: 'is its own' | 'is another' | 'not looked at'
  readonly bundles: ReadonlyArray<{ readonly name: string; readonly certificates: number; readonly trusts: boolean }>
  /** What is wrong, a sentence each; none: it can be served with. */
  readonly problems: readonly string[]
}

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'

/** Takes a chain and what is known around it, gives what there is to say of it. Pure. */
export function reportCertificate({ source, chain, key, bundles, wantedNames, now }: ReportRequest): CertificateReport {
  const [leaf] = chain
  if (leaf === undefined)
    return { source, chain: [], key: 'not looked at', bundles: [], problems: ['there is no certificate'] }
  const isOwn = key === undefined || leaf.checkPrivateKey(key)
  const trusts = bundles.map((bundle) => ({
    name: bundle.name,
    certificates: bundle.certificates.length,
    trusts: isTrusted(chain, bundle.certificates, now),
  }))
  return {
    source,
    chain: chain.map(lineOf),
    key: key === undefined ? 'not looked at' : isOwn ? 'is its own' : 'is another',
    bundles: trusts,
    problems: [
      ...dateProblems(leaf, now),
      ...(isOwn ? [] : ['the key is not the one of the certificate']),
      ...purposeProblems(leaf),
      ...wantedNames.filter((name) => !isFor(leaf, name)).map((name) => `it is not for ${name}`),
      ...trusts.filter((bundle) => !bundle.trusts).map(({ name }) => `${name} does not trust it`),
    ],
  }
}

/** Takes a chain, CAs and the time, gives whether the chain leads to one of them and each link holds now. Pure. */
export function isTrusted(chain: readonly X509Certificate[], cas: readonly X509Certificate[], now: Date): boolean {
  const [leaf, ...between] = chain
  if (leaf === undefined || !isCurrent(leaf, now)) return false
  const isFrom = (issuer: X509Certificate): boolean => isIssuedBy(leaf, issuer) && isCurrent(issuer, now)
  if (cas.some(isFrom)) return true
  // Intermediate certificates come in any order; each is used once, so this ends.
  return between.some(
    (issuer) => isFrom(issuer) && isTrusted([issuer, ...between.filter((one) => one !== issuer)], cas, now),
  )
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
}

function isCurrent({ validFromDate, validToDate }: X509Certificate, now: Date): boolean {
  return validFromDate <= now && now < validToDate
}

function lineOf(certificate: X509Certificate): CertificateLine {
  return {
    subject: certificate.subject.replaceAll('\n', ', '),
    issuer: certificate.issuer.replaceAll('\n', ', '),
    names: certificate.subjectAltName ?? '',
    notBefore: certificate.validFromDate.toISOString(),
    notAfter: certificate.validToDate.toISOString(),
    isCa: certificate.ca,
    fingerprint: certificate.fingerprint256,
  }
}

function dateProblems({ validFromDate, validToDate }: X509Certificate, now: Date): string[] {
  if (validFromDate > now) return [`it is valid only from ${validFromDate.toISOString()}`]
  return validToDate <= now ? [`it expired at ${validToDate.toISOString()}`] : []
}

/** API servers demand a certificate of a server; without extended usages it is good for anything. */
function purposeProblems(leaf: X509Certificate): string[] {
  // An absent extension is undefined, whatever the types say.
  const usages: readonly string[] | undefined = leaf.keyUsage
  const isServer = usages === undefined || usages.includes(SERVER_AUTH)
  return [...(isServer ? [] : ['it is not for server authentication']), ...(leaf.ca ? ['it is that of a CA'] : [])]
}

/** Takes a certificate and a DNS name or IP address, gives whether it is for that, by its SANs. Pure. */
export function isFor(leaf: X509Certificate, name: string): boolean {
  // Names in the subject count for nothing: Go, hence the API server, looks at SANs alone.
  const found = isIP(name) === 0 ? leaf.checkHost(name, { subject: 'never' }) : leaf.checkIP(name)
  return found !== undefined
}
