import type { ConfigMap } from './component-config.ts'

/**
 * Takes a port, gives what collector and Jaeger tell of themselves: logs as JSON, metrics for Prometheus on that port.
 * Never spans: they would come back to where they were made, and make more.
 */
export function selfTelemetry(metricsPort: number): ConfigMap {
  return {
    logs: { level: 'info', encoding: 'json' },
    metrics: {
      level: 'normal',
      // `readers` is the one form that all versions from 0.111 on know; `address` is gone since 0.123
      readers: [{ pull: { exporter: { prometheus: { host: ANY_ADDRESS, port: metricsPort } } } }],
    },
    traces: { level: 'none' },
  }
}

/**
 * Every address of the Pod, of both families: Go listens on IPv6 too when it is given this, and where there is no IPv6
 * it still works, as `[::]` would not.
 * Source: Go's net.Listen, "a literal unspecified IP address".
 */
export const ANY_ADDRESS = '0.0.0.0'
