/** An OTLP endpoint that spans are exported to. */
export interface Backend {
  /** Names the exporter and its environment variables: lower-case letters, digits and `-`. */
  readonly name: string
  readonly protocol: 'grpc' | 'http'
  /** `host:port` for grpc; for http a URL without `/v1/traces`, which the exporter appends. */
  readonly endpoint: string
  /** false: plaintext, which is for meshed endpoints, whose proxies encrypt. */
  readonly tls: false | BackendTls
  /** Sent with every request; the values come from Secrets and are never in the configuration. */
  readonly headers?: readonly SecretHeader[]
}

/** How the endpoint is known to be the right one. Files are paths in the collector's container. */
export interface BackendTls {
  /** Instead of the authorities of the image. */
  readonly caFile?: string
  readonly certFile?: string
  readonly keyFile?: string
  /** The name that the certificate must have, when it is not the host of the endpoint. */
  readonly serverName?: string
  /** Takes any certificate. Only on request: it lets anybody read the spans. */
  readonly insecureSkipVerify?: boolean
}

/** A header whose value is in a Secret of the collector's namespace. */
export interface SecretHeader {
  /** Lower case, as gRPC wants it. */
  readonly name: string
  readonly secret: { readonly name: string; readonly key: string }
}

/** Takes a backend and one of its headers, gives the environment variable that carries the value. */
export function headerVariable(backend: Backend, header: SecretHeader): string {
  return `BACKEND_${upper(backend.name)}_HEADER_${upper(header.name)}`
}

function upper(name: string): string {
  return name.toUpperCase().replaceAll('-', '_')
}
