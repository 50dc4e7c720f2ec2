import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { afterAll } from 'vitest'
import { type RunningServer, type ServerParts, startServer } from '../../src/cli/start-server.ts'
import { installSettings } from '../../src/config/install-settings-of.ts'
import { readSettings } from '../../src/config/read-settings.ts'
import { createLogger } from '../../src/runtime/logger.ts'
import { issueCertificate } from '../../src/tls/issue-certificate.ts'
import { parseServingCertificate } from '../../src/tls/serving-certificate.ts'

const now = new Date()
export const ISSUED = await issueCertificate({
  names: ['localhost', '127.0.0.1'],
  notBefore: new Date(now.getTime() - 60_000),
  notAfter: new Date(now.getTime() + 3_600_000),
})
export const CERTIFICATE = parseServingCertificate({ ...ISSUED, now: new Date() })
export const DEFAULTS = installSettings(readSettings({ command: 'inject', flags: {}, env: {} }).values)

export interface TestServer extends RunningServer {
  /** Every line that was logged, parsed. */
  readonly logged: ReadonlyArray<Record<string, unknown>>
  readonly admin: (path: string) => Promise<{ status: number; body: string }>
}

const running: RunningServer[] = []
afterAll(async () => {
  await Promise.all(running.map((server) => server.close()))
})

/** A real server on free ports, with the real parts; closed when the test file ends. */
export async function serverWith(parts: Partial<ServerParts> = {}): Promise<TestServer> {
  const logged: Record<string, unknown>[] = []
  const stream = { write: (line: string) => void logged.push(JSON.parse(line) as Record<string, unknown>) }
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    adminPort: 0,
    certificate: CERTIFICATE,
    settings: () => DEFAULTS,
    readNamespace: () => undefined,
    log: createLogger('info', stream),
    ...parts,
  })
  running.push(server)
  const admin = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${server.adminPort}${path}`)
    return { status: answer.status, body: await answer.text() }
  }
  return { ...server, logged, admin }
}

export function tlsOptions(port: number): ConnectionOptions {
  return { host: '127.0.0.1', port, ca: ISSUED.caPem, servername: 'localhost' }
}

/** A connection that shows every byte: what is sent is sent as it is, what comes is kept. */
export interface RawConnection {
  readonly socket: TLSSocket
  readonly send: (text: string | Buffer) => void
  /** Resolves with all that has come once it contains the text. */
  readonly until: (text: string) => Promise<string>
  /** Resolves with all that came when the server has closed the connection. */
  readonly closed: Promise<string>
}

export async function rawConnection(port: number, options: ConnectionOptions = {}): Promise<RawConnection> {
  const socket = connect({ ...tlsOptions(port), ...options })
  let received = ''
  const listeners = new Set<() => void>()
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1')
    for (const listener of listeners) listener()
  })
  const closed = new Promise<string>((resolve) => {
    socket.on('close', () => resolve(received))
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('secureConnect', resolve)
    socket.once('error', reject)
  })
  socket.on('error', () => {})
  const until = (text: string) =>
    new Promise<string>((resolve) => {
      const look = () => {
        if (!received.includes(text)) return
        listeners.delete(look)
        resolve(received)
      }
      listeners.add(look)
      look()
    })
  return { socket, send: (text) => void socket.write(text), until, closed }
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Takes one whole answer as it came over a connection, gives its parts. */
export function parseAnswer(text: string): Answer {
  const [head = '', ...rest] = text.split('\r\n\r\n')
  const [statusLine = '', ...lines] = head.split('\r\n')
  const headers = lines.map((line) => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 2),
  ])
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: rest.join('\r\n\r\n'),
  }
}

export interface PostOptions {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

/** One request on a connection of its own, byte by byte as given, that the server closes after its answer. */
export async function exchange(port: number, options: PostOptions = {}): Promise<Answer> {
  const { method = 'POST', path = '/mutate?timeout=3s', body = '' } = options
  const headers = {
    Host: 'localhost',
    Connection: 'close',
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(body)),
    ...options.headers,
  }
  const lines = Object.entries(headers).filter(([, value]) => value !== '')
  const head = [`${method} ${path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n')
  const connection = await rawConnection(port)
  connection.send(Buffer.concat([Buffer.from(head), Buffer.from(body)]))
  return parseAnswer(await connection.closed)
}

/** A small review of an unmeshed Pod. */
export function reviewText(uid = 'u-1', more: Readonly<Record<string, unknown>> = {}): string {
  const kind = { group: '', version: 'v1', kind: 'Pod' }
  const resource = { group: '', version: 'v1', resource: 'pods' }
  const object = { metadata: { name: 'web' }, spec: { containers: [{ name: 'web' }] } }
  const request = { uid, kind, resource, operation: 'CREATE', namespace: 'shop', object, ...more }
  return JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request })
}
