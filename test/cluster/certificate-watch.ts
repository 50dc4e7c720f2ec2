// What certificates are made, and what a client meets that knows the caBundle as late as an API server may.
import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { promisify } from 'node:util'
import { CERTIFICATE_SECRET, ENTRIES, MARK_CONFIGURATION, TRACE_CONFIGURATION } from '../../src/install/object-names.ts'
import { createApiClient } from '../../src/kubernetes/api-client.ts'
import { startCertificateSecret } from '../../src/kubernetes/certificate-secret.ts'
import { CLUSTER_TIMING } from '../../src/kubernetes/cluster-timing.ts'
import { startOwnBundles } from '../../src/kubernetes/own-bundles.ts'
import type { ClusterAccess } from './cluster-access.ts'

const run = promisify(execFile)
const QUIET = { info: () => {}, warn: () => {}, debug: () => {} }

/** One certificate that was stored, with the CA that signed it. */
export interface SeenCertificate {
  readonly pem: string
  readonly caPem: string
  readonly keyPem: string
}

export interface CertificateWatch {
  /** Serving certificates and CAs in the order in which they were stored; a CA is its own `caPem`. */
  readonly serving: SeenCertificate[]
  readonly cas: SeenCertificate[]
  /** The most CAs that stood in a bundle at once. */
  readonly largestBundle: () => number
  /** The bundles of each configuration's own entries now. */
  readonly bundles: () => Readonly<Record<string, readonly string[]>>
  /** Whether each entry has a bundle now. */
  readonly hasBundles: () => boolean
  readonly secretData: () => Readonly<Record<string, string>> | undefined
  /** The bundle as a client knows it that is late by so long; undefined: there was none. */
  readonly bundleAsOf: (lateMs: number) => string | undefined
  readonly stop: () => void
}

/** Watches the Secret and the bundles as admin. */
export function watchCertificates(cluster: ClusterAccess, namespace: string): CertificateWatch {
  const client = createApiClient(cluster.clientConfig())
  const stopped = new AbortController()
  const common = { client, timing: CLUSTER_TIMING, signal: stopped.signal, log: QUIET }
  const serving: SeenCertificate[] = []
  const cas: SeenCertificate[] = []
  let data: Readonly<Record<string, string>> | undefined
  const bundles = new Map<string, readonly string[]>()
  const history: { at: number; bundle: string }[] = []
  let largest = 0
  const note = (list: SeenCertificate[], seen: Partial<SeenCertificate>): void => {
    const { pem = '', caPem = '', keyPem = '' } = seen
    if (pem !== '' && caPem !== '' && list.every((one) => one.pem !== pem)) list.push({ pem, caPem, keyPem })
  }
  startCertificateSecret({
    ...common,
    namespace,
    name: CERTIFICATE_SECRET,
    labels: {},
    onSeen: (secret) => {
      data = secret?.data
      const { 'ca.crt': ca = '', 'ca.key': caKey = '', 'tls.crt': tls = '', 'tls.key': tlsKey = '' } = data ?? {}
      const { 'next-ca.crt': next = '', 'next-ca.key': nextKey = '' } = data ?? {}
      note(serving, { pem: tls, caPem: ca, keyPem: tlsKey })
      note(cas, { pem: ca, caPem: ca, keyPem: caKey })
      note(cas, { pem: next, caPem: next, keyPem: nextKey })
    },
  })
  startOwnBundles({
    ...common,
    configurations: [MARK_CONFIGURATION, TRACE_CONFIGURATION],
    entries: [ENTRIES.mark, ENTRIES.controlPlane, ENTRIES.workloads],
    onSeen: (configuration, live) => {
      bundles.set(configuration, live?.bundles ?? [])
      for (const bundle of live?.bundles ?? []) largest = Math.max(largest, bundle.split('BEGIN').length - 1)
      if (configuration === TRACE_CONFIGURATION) {
        history.push({ at: performance.now(), bundle: live?.bundles.at(-1) ?? '' })
      }
    },
  })
  return {
    serving,
    cas,
    largestBundle: () => largest,
    bundles: () => Object.fromEntries(bundles),
    hasBundles: () => bundles.size === 2 && [...bundles.values()].flat().every((bundle) => bundle !== ''),
    secretData: () => data,
    bundleAsOf: (lateMs) => history.findLast(({ at }) => at <= performance.now() - lateMs)?.bundle,
    stop: () => {
      stopped.abort(new Error('stopped'))
      client.close()
    },
  }
}

export interface HandshakeProbe {
  /** How many handshakes were made, and which certificates they met. */
  readonly count: () => number
  readonly met: ReadonlySet<string>
  /** Handshakes that failed because of a certificate; a server that is down is no such failure. */
  readonly errors: string[]
  readonly stop: () => Promise<void>
}

export interface ProbeOptions {
  readonly ports: readonly number[]
  readonly host: string
  readonly bundle: () => string | undefined
}

export interface Handshake {
  readonly port: number
  readonly host: string
  /** PEM */
  readonly ca: string
}

/** Makes one connection to 127.0.0.1 that trusts this CA alone, and gives the fingerprint of the certificate that it met. */
export function shakeHands({ port, host, ca }: Handshake): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, servername: host, ca, ALPNProtocols: ['http/1.1'] })
    socket.setTimeout(5_000, () => socket.destroy(new Error('no handshake within 5 s')))
    socket.once('secureConnect', () => {
      resolve(socket.getPeerCertificate().fingerprint256)
      socket.end()
    })
    socket.once('error', reject)
  })
}

const PROBE_EVERY_MS = 100

/** Makes a new connection to each port ten times a second, and checks the certificate by the bundle of that moment. */
export function probeHandshakes({ ports, host, bundle }: ProbeOptions): HandshakeProbe {
  const met = new Set<string>()
  const errors: string[] = []
  const open = new Set<Promise<void>>()
  let count = 0
  const probe = async (port: number, ca: string): Promise<void> => {
    try {
      met.add(await shakeHands({ port, host, ca }))
      count += 1
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException
      if (!['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(code)) errors.push(`${port}: ${code} ${message}`)
    }
  }
  const timer = setInterval(() => {
    const ca = bundle()
    if (ca === undefined || ca === '') return
    for (const port of ports) {
      const one = probe(port, ca).finally(() => open.delete(one))
      open.add(one)
    }
  }, PROBE_EVERY_MS)
  return {
    count: () => count,
    met,
    errors,
    stop: async () => {
      clearInterval(timer)
      await Promise.all(open)
    },
  }
}

export interface OpensslQuestion {
  readonly certificate: SeenCertificate
  /** A server's name; undefined: it is no server's. */
  readonly host: string | undefined
}

/**
 * Has openssl judge a certificate and its chain: good in the first and in the last second of its life, and in none around
 * these. Gives what it said of the extensions.
 */
export async function opensslVerify({ certificate: { pem, caPem }, host }: OpensslQuestion): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'linkerd-tracing-openssl-'))
  try {
    const [file, caFile] = [join(folder, 'tls.crt'), join(folder, 'ca.crt')]
    await writeFile(file, pem)
    await writeFile(caFile, caPem)
    const { validFromDate, validToDate } = new X509Certificate(pem)
    const [first, last] = [validFromDate, validToDate].map((date) => date.getTime() / 1000) as [number, number]
    const purpose = host === undefined ? [] : ['-purpose', 'sslserver', '-verify_hostname', host]
    const verifyAt = (second: number) =>
      run('openssl', ['verify', '-check_ss_sig', '-attime', `${second}`, ...purpose, '-CAfile', caFile, file]).then(
        () => true,
        () => false,
      )
    const isGood = await Promise.all([first - 1, first, last - 1, last + 1].map(verifyAt))
    if (isGood.join() !== 'false,true,true,false') throw new Error(`openssl: good from ${first} to ${last}: ${isGood}`)
    const extensions = 'basicConstraints,keyUsage,extendedKeyUsage,subjectAltName'
    const { stdout } = await run('openssl', ['x509', '-in', file, '-noout', '-text', '-ext', extensions])
    return stdout
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
