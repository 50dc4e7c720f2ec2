import { generate } from 'selfsigned'

/** A certificate and its key, PEM. */
export interface Pair {
  readonly certPem: string
  readonly keyPem: string
}

const ECDSA = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const
const HOUR_MS = 3_600_000

export interface LeafOptions {
  readonly commonName?: string
  /** DNS names. */
  readonly names?: readonly string[]
  readonly uris?: readonly string[]
  readonly usage?: 'server' | 'client'
  readonly notBefore?: Date
  readonly notAfter?: Date
}

/** A CA of that name, for an hour; signed by itself, or by another. */
export async function testCa(commonName = 'test CA', by?: Pair): Promise<Pair> {
  const made = await generate([{ name: 'commonName', value: commonName }], {
    ...ECDSA,
    ...dates({}),
    ...(by === undefined ? {} : { ca: { cert: by.certPem, key: by.keyPem } }),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  })
  return { certPem: made.cert, keyPem: made.private }
}

/** A certificate that the CA signed; a server's for localhost unless told otherwise. */
export async function testLeaf(ca: Pair, options: LeafOptions = {}): Promise<Pair> {
  const { commonName = 'leaf', names = ['localhost'], uris = [], usage = 'server' } = options
  const altNames = [
    ...names.map((value) => ({ type: 2 as const, value })),
    ...uris.map((value) => ({ type: 6 as const, value })),
  ]
  const made = await generate([{ name: 'commonName', value: commonName }], {
    ...ECDSA,
    ...dates(options),
    ca: { cert: ca.certPem, key: ca.keyPem },
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', ...(usage === 'server' ? { serverAuth: true } : { clientAuth: true }) },
      ...(altNames.length === 0 ? [] : [{ name: 'subjectAltName' as const, altNames }]),
    ],
  })
  return { certPem: made.cert, keyPem: made.private }
}

function dates({ notBefore, notAfter }: LeafOptions) {
  const now = Date.now()
  return {
    notBeforeDate: notBefore ?? new Date(now - HOUR_MS),
    notAfterDate: notAfter ?? new Date(now + HOUR_MS),
  }
}
