import type { AddressInfo } from 'node:net'

/** What of a Fastify application is needed to listen. */
export interface Listenable {
  listen(options: { host: string; port: number }): Promise<string>
  readonly server: { address(): AddressInfo | string | null }
}

export interface ListenRequest {
  readonly host: string
  readonly port: number
  /** The flag that names the port, for messages. */
  readonly flag: string
}

/** A port that cannot be listened on; the message is a sentence that says which, why, and what to do. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
}

/**
 * Takes a server and where to listen, gives the port that it listens on. `::` falls back to `0.0.0.0` where IPv6 is
 * off. Throws ListenError.
 */
export async function listen(app: Listenable, { host, port, flag }: ListenRequest): Promise<number> {
  try {
    await listenOrFallBack(app, host, port)
  } catch (cause) {
    throw new ListenError(sentenceOf(cause as NodeJS.ErrnoException, { host, port, flag }), { cause })
  }
  const address = app.server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

async function listenOrFallBack(app: Listenable, host: string, port: number): Promise<void> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    // What Linux says to `::` with IPv6 off in the kernel, and with it off on all interfaces.
    const isIPv6Off = ['EAFNOSUPPORT', 'EADDRNOTAVAIL'].includes((error as NodeJS.ErrnoException).code ?? '')
    if (host !== '::' || !isIPv6Off) throw error
    await app.listen({ host: '0.0.0.0', port })
  }
}

function sentenceOf(error: NodeJS.ErrnoException, { host, port, flag }: ListenRequest): string {
  const where = `port ${port} of ${host}`
  if (error.code === 'EADDRINUSE') return `${where} is in use: choose another with --${flag}, or stop what uses it`
  if (error.code === 'EACCES') return `${where} may not be used by this user: choose one above 1023 with --${flag}`
  return `${where} cannot be listened on (--host, --${flag}): ${error.message}`
}
