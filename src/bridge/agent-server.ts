import { createServer, type Server as Listener } from 'node:net'
import { Metadata, Server, ServerCredentials, type ServerDuplexStream, status } from '@grpc/grpc-js'
import { AGENT_STREAMS } from './agent-services.ts'
import type { BridgeLimits } from './bridge-limits.ts'
import type { AgentRpc, BridgeReports } from './bridge-reports.ts'

type AgentCall = ServerDuplexStream<Buffer, Buffer>

export interface AgentServer {
  readonly server: Listener
  readonly listen: (where: { readonly host: string; readonly port: number }) => Promise<string>
  /** Takes no new connection; streams stay. */
  readonly stopListening: () => void
  /** Ends all streams. */
  readonly close: () => void
}

export interface AgentServerParts {
  readonly limits: BridgeLimits
  readonly maxStreams: number
  readonly reports: Pick<BridgeReports, 'messageTaken' | 'streamClosed' | 'streamOpened' | 'streamRefused'>
  /** Called for each stream of spans; what it gives is called with each message of that stream, and must not throw. */
  readonly openTraceStream: () => (message: Buffer) => void
}

/**
 * Takes what to do with messages, gives a server of the OpenCensus agent's streams (gRPC without TLS: in a mesh the Pod's
 * proxy adds it). Streams are kept open for ever, whatever comes on them; nothing is sent on them but the headers.
 */
export function buildAgentServer({ limits, maxStreams, reports, openTraceStream }: AgentServerParts): AgentServer {
  const grpc = new Server({
    'grpc.max_receive_message_length': limits.messageBytes,
    'grpc.max_concurrent_streams': maxStreams,
    'grpc.keepalive_time_ms': limits.pingAfterMs,
    'grpc.keepalive_timeout_ms': limits.pingAnswerMs,
    // It keeps a history of connections that nobody reads.
    'grpc.enable_channelz': 0,
  })
  let open = 0
  let isClosed = false
  const serve = (rpc: AgentRpc, openStream: () => (message: Buffer) => void) => (call: AgentCall) => {
    if (open >= maxStreams) {
      reports.streamRefused(rpc)
      call.emit('error', { code: status.RESOURCE_EXHAUSTED, details: `more than ${maxStreams} streams` })
      return
    }
    open += 1
    reports.streamOpened(rpc)
    call.once('close', () => {
      open -= 1
      reports.streamClosed(rpc)
    })
    // At once, as no message will ever bring them: whoever stands in between sees that the stream is taken.
    call.sendMetadata(new Metadata())
    const take = openStream()
    // What comes after the end could not be sent any more, and would be counted as received.
    call.on('data', (message: Buffer) => {
      if (!isClosed) take(message)
    })
    call.on('end', () => call.end())
  }
  // Of metrics and of a client's configuration nothing is wanted, but a client that is refused comes again and again.
  const ignore = (rpc: AgentRpc) => serve(rpc, () => () => reports.messageTaken(rpc, 'ok'))
  const { 'trace-export': traceExport, 'trace-config': traceConfig, 'metrics-export': metricsExport } = AGENT_STREAMS
  grpc.addService(
    { Export: traceExport, Config: traceConfig },
    { Export: serve('trace-export', openTraceStream), Config: ignore('trace-config') },
  )
  grpc.addService({ Export: metricsExport }, { Export: ignore('metrics-export') })
  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure())
  const server = createServer((socket) => injector.injectConnection(socket))
  server.maxConnections = limits.connections
  return {
    server,
    listen: ({ host, port }) =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen({ host, port }, () => {
          server.off('error', reject)
          resolve(`${host}:${port}`)
        })
      }),
    stopListening: () => server.close(),
    close: () => {
      isClosed = true
      server.close()
      // forceShutdown() of grpc-js 1.14 leaves connections open that it was handed by an injector.
      injector.drain(0)
    },
  }
}
