import type { Server } from 'node:https'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { type Caller, callerOf, refusalOf } from './caller-authentication.ts'
import { RequestError } from './error-answers.ts'

/** The callers of a server's connections. */
export interface CallerConnections {
  /** Throws RequestError 401 for a caller that may not call now. */
  readonly demand: (socket: Socket) => void
  /** Whether a connection may go on after its answer: its caller was checked by the CAs in use, and its certificate is valid. */
  readonly mayStay: (socket: Socket) => boolean
  /** Told that other CAs are in use from now on. */
  readonly onCasChanged: () => void
}

interface CheckedCaller {
  readonly caller: Caller
  /** How often the CAs had changed when the connection came: those of that moment check it, however late it shows its certificate. */
  readonly generation: number
}

/**
 * Takes a server that asks callers for certificates, and the names that are allowed; gives the callers of its connections
 * from now on. What a connection shows counts once, as its handshake ends: TLS 1.2 would let it show something else later.
 */
export function watchCallers(server: Server, allowedNames: readonly string[]): CallerConnections {
  let generation = 0
  // By both ends, which no two open connections share: Node gives no way from a TLS connection to the one below.
  const arrivals = new Map<string, number>()
  const checked = new WeakMap<Socket, CheckedCaller>()
  server.on('connection', (socket: Socket) => {
    const ends = endsOf(socket)
    arrivals.set(ends, generation)
    socket.once('close', () => arrivals.delete(ends))
  })
  server.on('secureConnection', (socket: TLSSocket) => {
    const arrival = arrivals.get(endsOf(socket)) ?? -1
    checked.set(socket, { caller: callerOf(socket, allowedNames), generation: arrival })
  })
  return {
    demand: (socket) => {
      const caller = checked.get(socket)?.caller ?? NOBODY
      const refusal = refusalOf(caller, Date.now())
      if (refusal !== undefined) throw new RequestError(401, refusal)
    },
    mayStay: (socket) => {
      const found = checked.get(socket)
      const isValid = found !== undefined && Date.now() < found.caller.notAfter
      return isValid && found.generation === generation
    },
    onCasChanged: () => {
      generation += 1
    },
  }
}

const NOBODY: Caller = { refusal: 'a client certificate is needed', notBefore: 0, notAfter: 0 }

function endsOf({ localAddress, localPort, remoteAddress, remotePort }: Socket): string {
  return [localAddress, localPort, remoteAddress, remotePort].join(' ')
}
