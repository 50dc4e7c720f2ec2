import { generateKeyPairSync } from 'node:crypto'
import { isIP } from 'node:net'
import { generate } from 'selfsigned'

/** A certificate and its key, both PEM. */
export interface KeyPair {
  readonly cert: string
  readonly key: string
}

// A test run takes minutes, a developer's cluster a day or two; a forgotten kubeconfig should not work for years.
const DAYS_VALID = 7
const ECDSA = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const

function validity(notAfterDate = new Date(Date.now() + DAYS_VALID * 86_400_000)) {
  // An hour back: a container's clock may be a little behind.
  return { notBeforeDate: new Date(Date.now() - 3_600_000), notAfterDate }
}

/** Makes a CA of that name. */
export async function makeAuthority(commonName: string): Promise<KeyPair> {
  const made = await generate([{ name: 'commonName', value: commonName }], {
    ...ECDSA,
    ...validity(),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, digitalSignature: true, critical: true },
    ],
  })
  return { cert: made.cert, key: made.private }
}

/** Makes a serving certificate for DNS names and IP addresses, signed by `authority`; it may end early. */
export function makeServingPair(authority: KeyPair, names: readonly string[], notAfter?: Date): Promise<KeyPair> {
  const altNames = names.map((name) =>
    isIP(name) ? { type: 7 as const, ip: name } : { type: 2 as const, value: name },
  )
  return sign(authority, {
    notAfter,
    subject: [{ name: 'commonName', value: names[0] ?? '' }],
    extensions: [
      { name: 'extKeyUsage' as const, serverAuth: true },
      { name: 'subjectAltName' as const, altNames },
    ],
  })
}

/** Makes a client certificate: to the API server the common name is the user and the organization its group. */
export function makeClientPair(
  authority: KeyPair,
  { user, group }: { user: string; group?: string },
): Promise<KeyPair> {
  const organization = group === undefined ? [] : [{ name: 'organizationName', value: group }]
  return sign(authority, {
    subject: [{ name: 'commonName', value: user }, ...organization],
    extensions: [{ name: 'extKeyUsage' as const, clientAuth: true }],
  })
}

/** Makes the key pair (PEM) that ServiceAccount tokens are signed and checked with. */
export function makeTokenKeys(): { publicKey: string; privateKey: string } {
  return generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
}

interface Leaf {
  readonly notAfter?: Date | undefined
  readonly subject: NonNullable<Parameters<typeof generate>[0]>
  readonly extensions: NonNullable<NonNullable<Parameters<typeof generate>[1]>['extensions']>
}

async function sign(authority: KeyPair, { notAfter, subject, extensions }: Leaf): Promise<KeyPair> {
  const made = await generate(subject, {
    ...ECDSA,
    ...validity(notAfter),
    ca: authority,
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      ...extensions,
    ],
  })
  return { cert: made.cert, key: made.private }
}
