import type { Components, ConfigMap } from '../component-config.ts'
import { type Backend, type BackendTls, headerVariable } from './backend.ts'
import { literal } from './literal.ts'
import { sendingQueue } from './memory.ts'

/** Takes backends and the container's memory in MiB, gives an exporter for each, by its id. */
export function exporters(backends: readonly Backend[], memoryMib: number): Components {
  const queue = sendingQueue(memoryMib, backends.length)
  return Object.fromEntries(
    backends.map((backend) => [
      `${backend.protocol === 'grpc' ? 'otlp_grpc' : 'otlp_http'}/${backend.name}`,
      exporter(backend, queue),
    ]),
  )
}

function exporter(backend: Backend, queue: ConfigMap): ConfigMap {
  const headers = backend.headers ?? []
  return {
    endpoint: literal(backend.endpoint),
    tls: clientTls(backend.tls),
    ...(headers.length > 0 && {
      headers: Object.fromEntries(headers.map((header) => [header.name, `\${env:${headerVariable(backend, header)}}`])),
    }),
    timeout: '10s',
    sending_queue: queue,
    // five minutes: longer than a restart of the backend, shorter than what the queue can hold at any rate
    retry_on_failure: { enabled: true, initial_interval: '1s', max_interval: '30s', max_elapsed_time: '5m' },
  }
}

function clientTls(tls: false | BackendTls): ConfigMap {
  if (tls === false) return { insecure: true }
  return {
    ...(tls.caFile !== undefined && { ca_file: literal(tls.caFile) }),
    ...(tls.certFile !== undefined && { cert_file: literal(tls.certFile) }),
    ...(tls.keyFile !== undefined && { key_file: literal(tls.keyFile) }),
    ...(tls.serverName !== undefined && { server_name_override: literal(tls.serverName) }),
    ...(tls.insecureSkipVerify === true && { insecure_skip_verify: true }),
    insecure: false,
  }
}
