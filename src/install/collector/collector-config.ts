import type { ComponentConfig, Components } from '../component-config.ts'
import { ANY_ADDRESS, selfTelemetry } from '../self-telemetry.ts'
import { COLLECTOR_PORTS, type CollectorSettings } from './collector-settings.ts'
import { exporters } from './exporters.ts'
import { kubernetesAttributesProcessor } from './kubernetes-attributes.ts'
import { memoryLimiter } from './memory.ts'
import { redactionProcessors } from './redaction.ts'
import { tailSamplingProcessor } from './tail-sampling.ts'

/** The configuration of our collector: OpenTelemetry's contrib distribution, 0.159. */
export type CollectorConfig = ComponentConfig

/**
 * Takes the settings, gives the collector's configuration, ready for YAML. Spans of proxies and of the OpenCensus bridge
 * come in by the same receiver and leave to every backend.
 */
export function collectorConfig(settings: CollectorSettings): CollectorConfig {
  const processors = tracesProcessors(settings)
  const sinks = exporters(settings.backends, settings.memoryMib)
  return {
    extensions: { health_check: { endpoint: `${ANY_ADDRESS}:${COLLECTOR_PORTS.health}` } },
    receivers: RECEIVERS,
    processors,
    exporters: sinks,
    service: {
      extensions: ['health_check'],
      pipelines: {
        traces: {
          receivers: Object.keys(RECEIVERS),
          processors: Object.keys(processors),
          exporters: Object.keys(sinks),
        },
      },
      telemetry: selfTelemetry(COLLECTOR_PORTS.metrics),
    },
  }
}

/**
 * A proxy sends up to 1000 spans at once and does not repeat what is refused: 16 MiB instead of 4 leave 16 KiB for each.
 * The port of HTTP takes 20 MiB by itself.
 */
const RECEIVERS: Components = {
  otlp: {
    protocols: {
      grpc: { endpoint: `${ANY_ADDRESS}:${COLLECTOR_PORTS.otlpGrpc}`, max_recv_msg_size_mib: 16 },
      http: { endpoint: `${ANY_ADDRESS}:${COLLECTOR_PORTS.otlpHttp}` },
    },
  },
}

/** In the order of the pipeline: redaction sees what Kubernetes added, and nothing waits for its trace unredacted. */
function tracesProcessors(settings: CollectorSettings): Components {
  return {
    ...memoryLimiter(settings.memoryMib),
    ...(settings.kubernetesAttributes && kubernetesAttributesProcessor()),
    ...redactionProcessors(settings.redaction),
    ...tailSamplingProcessor(settings.tailSampling, settings.memoryMib),
    // backends take messages of 4 MiB as a rule: 1024 spans of 4 KiB
    batch: { timeout: '1s', send_batch_size: 512, send_batch_max_size: 1024 },
  }
}
