import type { X509Certificate } from 'node:crypto'
import { parsePemBundle } from '../pem-bundle.ts'
import { caOf, factsOf, isSignedBy, parseAuthority, parseServing } from './parse-pem.ts'
import type { Authority, IssuedServing, OldCa, StoredCertificates } from './stored-certificates.ts'

/** The keys of the Secret; docs/certificates.md says what each holds. */
const KEYS = {
  ca: ['ca.crt', 'ca.key'],
  next: ['next-ca.crt', 'next-ca.key'],
  serving: ['tls.crt', 'tls.key'],
  old: 'old-ca.crt',
  rotate: 'rotate',
} as const

/** Data of the Secret as text, by key. */
export type SecretData = Readonly<Record<string, string>>

/**
 * Takes the Secret's data and the DNS names that a serving certificate has to be for, gives what of it is sound, and a
 * sentence for each part that is not. Throws nothing: a Secret can hold anything.
 */
export function parseSecretData(data: SecretData, names: readonly string[]): StoredCertificates {
  const damage: string[] = []
  const part = <T>(pair: readonly [string, string], parse: (pem: string, keyPem: string) => T): T | undefined => {
    const [pem, keyPem] = [data[pair[0]] ?? '', data[pair[1]] ?? '']
    if (pem === '' && keyPem === '') return undefined
    try {
      return parse(pem, keyPem)
    } catch (error) {
      // Only our own sentences: they never quote what they are about.
      damage.push(`${pair[0]} ${(error as Error).message}`)
      return undefined
    }
  }
  const ca = part<Authority>(KEYS.ca, parseAuthority)
  const next = part<Authority>(KEYS.next, parseAuthority)
  const serving = part<IssuedServing>(KEYS.serving, (pem, keyPem) => {
    if (ca === undefined) throw new Error('has no CA')
    return parseServing(ca, { pem, keyPem, names })
  })
  const old = parseOld(data[KEYS.old] ?? '', damage)
  return { ca, next, serving, old, rotate: parseRotate(data[KEYS.rotate], damage), damage }
}

function parseOld(text: string, damage: string[]): OldCa[] {
  try {
    const certificates = parsePemBundle(text)
    const leaves = certificates.filter((certificate) => !certificate.ca)
    return certificates.filter(({ ca }) => ca).map((certificate) => oldCa(certificate, leaves))
  } catch {
    damage.push(`${KEYS.old} is no PEM`)
    return []
  }
}

function oldCa(certificate: X509Certificate, leaves: readonly X509Certificate[]): OldCa {
  const ca = caOf(certificate)
  const leaf = leaves.find((candidate) => isSignedBy(candidate, ca))
  const last = leaf === undefined ? undefined : { ...factsOf(leaf), issuer: ca.id, pem: caOf(leaf).pem }
  return { ca, last }
}

function parseRotate(text: string | undefined, damage: string[]): StoredCertificates['rotate'] {
  const word = text?.trim()
  if (word === undefined || word === 'ca' || word === 'serving') return word
  damage.push(`${KEYS.rotate} is neither ca nor serving`)
  return undefined
}

/** Takes what is to be stored, gives our keys of the Secret's data; undefined: the key goes. */
export function toSecretData({
  ca,
  next,
  serving,
  old,
  rotate,
}: StoredCertificates): Readonly<Record<string, string | undefined>> {
  const pems = old.flatMap(({ ca: oldOne, last }) => [oldOne.pem, ...(last === undefined ? [] : [last.pem])])
  return {
    [KEYS.ca[0]]: ca?.pem,
    [KEYS.ca[1]]: ca?.keyPem,
    [KEYS.serving[0]]: serving?.pem,
    [KEYS.serving[1]]: serving?.keyPem,
    [KEYS.next[0]]: next?.pem,
    [KEYS.next[1]]: next?.keyPem,
    [KEYS.old]: pems.length === 0 ? undefined : pems.join(''),
    [KEYS.rotate]: rotate,
  }
}
