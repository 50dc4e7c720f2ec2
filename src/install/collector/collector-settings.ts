import type { Backend } from './backend.ts'
import { DEFAULT_REDACTION, type RedactionSettings } from './redaction-settings.ts'

/** What of a trace is worth keeping. A trace that fits one of these is kept whole. */
export interface TailSampling {
  /** Traces with a span that failed. */
  readonly errors: boolean
  /** Traces that took longer than this, in milliseconds; undefined: how long does not matter. */
  readonly slowerThanMs?: number
  /** This share of all the others, from 0 to 100. */
  readonly percent: number
  /** How long a trace is waited for before it is judged, in seconds. */
  readonly waitSeconds: number
}

/** What can be chosen about the collector. */
export interface CollectorSettings {
  /** Memory limit of the collector's container in MiB; queues and limits are derived from it. */
  readonly memoryMib: number
  /** Whether the API server is asked for the owner of a Pod. */
  readonly kubernetesAttributes: boolean
  readonly redaction: RedactionSettings
  /** undefined: every trace is kept. */
  readonly tailSampling: TailSampling | undefined
  /** Where spans go; each of them gets all. */
  readonly backends: readonly Backend[]
}

/** Jaeger of the same namespace. Plaintext between two meshed Pods: their proxies make mTLS of it. */
export const JAEGER_BACKEND: Backend = {
  name: 'jaeger',
  protocol: 'grpc',
  endpoint: 'linkerd-jaeger:4317',
  tls: false,
}

/**
 * The usual preset. A proxy sends its spans every 10 s, and the last span of a trace may be made seconds after the
 * first: 30 s let slow proxies come along.
 */
export const DEFAULT_TAIL_SAMPLING: TailSampling = { errors: true, slowerThanMs: 1000, percent: 10, waitSeconds: 30 }

export const DEFAULT_COLLECTOR_SETTINGS: CollectorSettings = {
  memoryMib: 512,
  kubernetesAttributes: true,
  redaction: DEFAULT_REDACTION,
  tailSampling: undefined,
  backends: [JAEGER_BACKEND],
}

/** Where the collector's container listens. */
export const COLLECTOR_PORTS = { otlpGrpc: 4317, otlpHttp: 4318, health: 13133, metrics: 8888 } as const
