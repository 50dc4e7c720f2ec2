import type { X509Certificate } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import { RequestError } from './error-answers.ts'

/** Who may call. */
export interface CallerRule {
  /** The CAs that callers' certificates must chain to, PEM. */
  readonly caPem: string
  /** The names one of which the certificate must have; none: any name that the CAs have signed. */
  readonly allowedNames: readonly string[]
}

/**
 * Takes a caller's connection and the names that are allowed. Throws RequestError 401 when it showed no certificate, one
 * that the CAs do not trust, or one with another name. The handshake itself asks for a certificate but demands none: a
 * caller that is refused there would only ever see a broken connection.
 */
export function demandCaller(socket: TLSSocket, allowedNames: readonly string[]): void {
  const certificate = socket.getPeerX509Certificate()
  if (certificate === undefined) throw new RequestError(401, 'a client certificate is needed')
  if (!socket.authorized) {
    throw new RequestError(401, `the client certificate is not trusted: ${String(socket.authorizationError)}`)
  }
  const names = callerNames(certificate)
  if (allowedNames.length > 0 && !names.some((name) => allowedNames.includes(name))) {
    const shown = JSON.stringify(names).slice(0, MAX_SHOWN)
    throw new RequestError(401, `none of the client certificate’s names is allowed: ${shown}`)
  }
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
