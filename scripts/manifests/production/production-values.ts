import type { ConfigMap } from '../../../src/install/component-config.ts'
import type { Overlay } from '../overlays.ts'

/** Where the first tier finds all Pods of the second: their addresses, and no single one that stands for them. */
export const SAMPLER_HOST = 'linkerd-sampler-headless.linkerd-tracing.svc.cluster.local'

/**
 * The first tier sends each trace to one collector of the second, by the trace's ID: all who ask DNS at about the same time
 * choose the same one. The queue is of the exporter as a whole, so that what waits for a Pod that is gone finds another.
 */
export const BY_TRACE_ID: ConfigMap = {
  exporters: {
    $remove: ['otlp_grpc/jaeger'],
    load_balancing: {
      routing_key: 'traceID',
      resolver: { dns: { hostname: SAMPLER_HOST, port: '4317', interval: '5s', timeout: '1s' } },
      timeout: '10s',
      // 64 MiB: an eighth of the memory, as for one backend
      sending_queue: { enabled: true, sizer: 'bytes', queue_size: 67_108_864, num_consumers: 4 },
      retry_on_failure: { enabled: true, initial_interval: '1s', max_interval: '30s', max_elapsed_time: '5m' },
      protocol: {
        // plaintext between two meshed Pods: their proxies make mTLS of it
        otlp: {
          tls: { insecure: true },
          timeout: '5s',
          sending_queue: { enabled: false },
          retry_on_failure: { enabled: false },
        },
      },
    },
  },
  service: { pipelines: { traces: { exporters: ['load_balancing'] } } },
}

/** What `install` would be told; the rest is laid over that. Nodes may be fewer than replicas at their most. */
export const PRODUCTION: Overlay = {
  name: 'production',
  what: 'Grows with the load: autoscaling, tail sampling by a second tier of collectors, Jaeger on an OpenSearch of yours.',
  values: {
    policy: 'on',
    ha: true,
    clusterDomain: 'cluster.local',
    injector: { antiAffinity: 'preferred' },
    collector: { antiAffinity: 'preferred', config: BY_TRACE_ID },
  },
}

/** The second tier is a collector as the first, that does nothing but judge traces and pass them on. */
export const SAMPLER_VALUES: Overlay['values'] = {
  policy: 'on',
  bridge: { enabled: false },
  collector: {
    kubernetesAttributes: false,
    // what comes in went through the first tier
    redaction: { enabled: false },
    tailSampling: { enabled: true },
    resources: { limits: { memory: '2Gi' }, requests: { memory: '1Gi' } },
  },
}

/** A number that does not change by itself: with it changes which Pod judges a trace. */
export const SAMPLERS = 3
