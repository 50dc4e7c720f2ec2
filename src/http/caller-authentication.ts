import type { X509Certificate } from 'node:crypto'
import type { TLSSocket } from 'node:tls'

/** Who may call. */
export interface CallerRule {
  /** The CAs that callers' certificates must chain to, PEM. */
  readonly caPem: string
  /** The names one of which the certificate must have; none: any name that the CAs have signed. */
  readonly allowedNames: readonly string[]
}

/** Who is at the other end of a connection. */
export interface Caller {
  /** Why it is not answered, whatever the time is; undefined: it may call while its certificate is valid. */
  readonly refusal?: string | undefined
  /** When its certificate begins and ends, in milliseconds since 1970. */
  readonly notBefore: number
  readonly notAfter: number
}

/**
 * Takes a connection whose handshake has just ended, and the names that are allowed; gives the caller. The handshake
 * itself asks for a certificate but demands none: a caller that is refused there would only ever see a broken connection.
 */
export function callerOf(socket: TLSSocket, allowedNames: readonly string[]): Caller {
  const certificate = socket.getPeerX509Certificate()
  if (certificate === undefined) return { refusal: 'a client certificate is needed', ...ALWAYS }
  const { validFromDate, validToDate } = certificate
  const dates = { notBefore: validFromDate.getTime(), notAfter: validToDate.getTime() }
  if (!socket.authorized) return { refusal: untrusted(String(socket.authorizationError)), ...dates }
  const names = callerNames(certificate)
  if (allowedNames.length === 0 || names.some((name) => allowedNames.includes(name))) return dates
  const shown = JSON.stringify(names).slice(0, MAX_SHOWN)
  return { refusal: `none of the client certificate’s names is allowed: ${shown}`, ...dates }
}

/** Takes a caller and the time, gives why it is not answered; undefined: it is. The words are OpenSSL's, as at the handshake. Pure. */
export function refusalOf({ refusal, notBefore, notAfter }: Caller, now: number): string | undefined {
  if (refusal !== undefined) return refusal
  if (now < notBefore) return untrusted('CERT_NOT_YET_VALID')
  return now < notAfter ? undefined : untrusted('CERT_HAS_EXPIRED')
}

const ALWAYS = { notBefore: Number.NEGATIVE_INFINITY, notAfter: Number.POSITIVE_INFINITY }

function untrusted(why: string): string {
  return `the client certificate is not trusted: ${why}`
}

/** Enough for a few names; a certificate may have hundreds. */
const MAX_SHOWN = 200

/** Takes a certificate, gives its names, as they are written: the subject's CN, and the SANs of whatever kind. */
export function callerNames(certificate: X509Certificate): string[] {
  const commonName: unknown = certificate.toLegacyObject().subject?.CN
  // Several CNs come as a list.
  const commonNames = [commonName].flat().filter((name) => typeof name === 'string')
  return [...commonNames, ...alternativeNames(certificate.subjectAltName ?? '')]
}

/** `DNS:a.b, URI:"x, y"`: Node writes a value with a comma or quote in it as a JSON string, so that none can pass for two. */
function alternativeNames(text: string): string[] {
  const entry = /(?:^|, )[A-Za-z ]+:("(?:[^"\\]|\\.)*"|[^,]*)/gy
  return [...text.matchAll(entry)].map(([, value = '']) =>
    value.startsWith('"') ? (JSON.parse(value) as string) : value,
  )
}
