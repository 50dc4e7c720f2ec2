import type { ComponentConfig, ConfigMap } from '../component-config.ts'
import { ANY_ADDRESS, selfTelemetry } from '../self-telemetry.ts'
import { JAEGER_PORTS, type JaegerSettings, type JaegerStorage } from './jaeger-settings.ts'

/** The configuration of Jaeger v2, which is a collector with a store. */
export type JaegerConfig = ComponentConfig

/**
 * Takes the settings, gives Jaeger's configuration, ready for YAML; undefined when there is to be no Jaeger.
 * Nothing is enabled but OTLP in and the query API with its page out.
 */
export function jaegerConfig({ storage, basePath }: JaegerSettings): JaegerConfig | undefined {
  if (storage.kind === 'none') return undefined
  return {
    extensions: {
      healthcheckv2: { use_v2: true, http: { endpoint: address(JAEGER_PORTS.health) } },
      jaeger_storage: { backends: { [STORE]: backend(storage) } },
      jaeger_query: {
        storage: { traces: STORE },
        ...(basePath !== '' && { base_path: basePath }),
        http: { endpoint: address(JAEGER_PORTS.query) },
        grpc: { endpoint: address(JAEGER_PORTS.queryGrpc) },
        // its own spans would be stored as well, one more for each look at the page
        enable_tracing: false,
      },
    },
    receivers: {
      otlp: {
        protocols: {
          grpc: { endpoint: address(JAEGER_PORTS.otlpGrpc), max_recv_msg_size_mib: 16 },
          http: { endpoint: address(JAEGER_PORTS.otlpHttp) },
        },
      },
    },
    processors: { batch: {} },
    exporters: { jaeger_storage_exporter: { trace_storage: STORE } },
    service: {
      extensions: ['jaeger_storage', 'jaeger_query', 'healthcheckv2'],
      pipelines: {
        traces: { receivers: ['otlp'], processors: ['batch'], exporters: ['jaeger_storage_exporter'] },
      },
      telemetry: selfTelemetry(JAEGER_PORTS.metrics),
    },
  }
}

const STORE = 'traces'

function backend(storage: Exclude<JaegerStorage, { kind: 'none' }>): ConfigMap {
  if (storage.kind === 'memory') return { memory: { max_traces: storage.maxTraces } }
  return {
    badger: {
      ephemeral: false,
      directories: { keys: `${storage.directory}/keys`, values: `${storage.directory}/values` },
      ttl: { spans: `${storage.keepHours}h` },
    },
  }
}

function address(port: number): string {
  return `${ANY_ADDRESS}:${port}`
}
