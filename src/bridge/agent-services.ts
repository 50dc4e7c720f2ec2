import type { MethodDefinition } from '@grpc/grpc-js'
import type { AgentRpc } from './bridge-reports.ts'

/** Each stream of the OpenCensus agent: its path (https://github.com/census-instrumentation/opencensus-proto), all bidirectional. */
const PATHS: Readonly<Record<AgentRpc, string>> = {
  'trace-export': '/opencensus.proto.agent.trace.v1.TraceService/Export',
  'trace-config': '/opencensus.proto.agent.trace.v1.TraceService/Config',
  'metrics-export': '/opencensus.proto.agent.metrics.v1.MetricsService/Export',
}

/** The agent's streams as grpc-js wants them described; messages stay bytes. */
export const AGENT_STREAMS = Object.fromEntries(
  Object.entries(PATHS).map(([rpc, path]) => [rpc, { path, ...bytesBothWays() }]),
) as Readonly<Record<AgentRpc, MethodDefinition<Buffer, Buffer>>>

function bytesBothWays() {
  const asIs = (bytes: Buffer): Buffer => bytes
  return {
    requestStream: true,
    responseStream: true,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  } as const
}
