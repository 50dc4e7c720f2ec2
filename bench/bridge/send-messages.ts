import { connectAgent } from '../../test/bridge/io/agent-client.ts'
import { openOtlpClient } from '../../test/traces/otlp/otlp-client.ts'

export interface Sending {
  /** `127.0.0.1:PORT`. */
  readonly address: string
  readonly message: Buffer
  /** How often it is sent. */
  readonly times: number
}

/** Clients, each with a connection of its own: some components of a control plane. */
const CLIENTS = 4
/** Requests of a client without an answer; of OpenCensus, which has no answers, what its connection holds. */
const IN_FLIGHT = 4

/** Sends a message by streams of OpenCensus's agent, as fast as they take it. */
export async function sendByOpencensus({ address, message, times }: Sending): Promise<void> {
  const clients = Array.from({ length: CLIENTS }, () => connectAgent(Number(address.split(':')[1])))
  const streams = clients.map((client) => client.open())
  let left = times
  await Promise.all(
    streams.map(async (stream) => {
      while (left-- > 0) await stream.send(message)
      stream.half()
      await stream.ended
    }),
  )
  for (const client of clients) client.close()
}

/** Sends a message by requests of OTLP over gRPC, as fast as they are answered. */
export async function sendByOtlp({ address, message, times }: Sending): Promise<void> {
  const clients = Array.from({ length: CLIENTS }, () => openOtlpClient(address))
  let left = times
  const send = async (client: (typeof clients)[number]) => {
    while (left-- > 0) await client.sendBytes(message)
  }
  await Promise.all(clients.flatMap((client) => Array.from({ length: IN_FLIGHT }, () => send(client))))
  for (const client of clients) client.close()
}
