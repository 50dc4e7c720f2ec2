import { PassThrough, type Readable, Writable } from 'node:stream'
import type { PortForward as PodConnector } from '@kubernetes/client-node'

/** A port of a Pod, whatever Services say. */
export interface PodPort {
  readonly namespace: string
  readonly pod: string
  readonly port: number
}

/** One connection to a Pod's port, through the API server and the Pod's node. */
export interface PodStream {
  readonly input: Writable
  /** What comes before anybody reads is kept. */
  readonly output: Readable
  readonly isOpen: () => boolean
  readonly close: () => void
}

/** An API server that cannot reach a node gives up after 30 s at the latest; then the connection is no use to a person. */
const PATIENCE_MS = 30_000

/** Connects to a Pod's port; `onRefusal` is told what the Pod's node says when nothing listens there. Rejects with a sentence. */
export async function dialPod(
  connector: PodConnector,
  target: PodPort,
  onRefusal: (text: string) => void,
): Promise<PodStream> {
  const [input, output] = [new PassThrough(), new PassThrough()]
  const socket = await patiently(connect(connector, target, { input, output, refusals: toldTo(onRefusal) }), target)
  socket.addEventListener('close', () => output.end())
  // What the connection dies of ends in `close`; without a listener it would end the process.
  socket.addEventListener('error', () => {})
  return { input, output, isOpen: () => socket.readyState === OPEN, close: () => socket.close() }
}

/** As far as we need the one of client-node. */
interface PodSocket {
  readonly readyState: number
  addEventListener(type: 'close' | 'error', listener: () => void): void
  close(): void
}

/** RFC 6455's states, as browsers number them. */
const OPEN = 1

interface Streams {
  readonly input: PassThrough
  readonly output: PassThrough
  readonly refusals: Writable
}

async function connect(
  connector: PodConnector,
  { namespace, pod, port }: PodPort,
  { input, output, refusals }: Streams,
): Promise<PodSocket> {
  const [place, name] = [encodeURIComponent(namespace), encodeURIComponent(pod)]
  // A function comes back only where it is to connect again by itself.
  return (await connector.portForward(place, name, [port], output, refusals, input)) as unknown as PodSocket
}

function toldTo(onRefusal: (text: string) => void): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      const text = chunk.toString().trim()
      if (text !== '') onRefusal(text)
      done()
    },
  })
}

async function patiently(connecting: Promise<PodSocket>, target: PodPort): Promise<PodSocket> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    reject(new Error(`there was no answer within ${PATIENCE_MS / 1000} s`))
    connecting.then(
      (socket) => socket.close(),
      () => {},
    )
  }, PATIENCE_MS)
  try {
    return await Promise.race([connecting, tooLate])
  } catch (cause) {
    const { namespace, pod, port } = target
    // client-node rejects with an event of the connection, which is no Error but has its message.
    const { message } = cause as { message: string }
    throw new Error(`cannot forward a port to ${namespace}/${pod}:${port}: ${inWords(message)}`, { cause })
  } finally {
    clearTimeout(timer)
  }
}

function inWords(message: string): string {
  const status = /^Unexpected server response: (\d+)$/.exec(message)?.[1]
  if (status === undefined) return message
  return status === '403' ? MISSING_RIGHT : `HTTP ${status}${status === '404' ? ' (there is no such Pod)' : ''}`
}

const MISSING_RIGHT = 'HTTP 403: the right to get or create pods/portforward is missing'
