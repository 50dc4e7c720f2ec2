/** Where Jaeger keeps traces. */
export type JaegerStorage =
  /** In memory, gone with the Pod. */
  | { readonly kind: 'memory'; readonly maxTraces: number }
  /** In files on a volume. */
  | { readonly kind: 'badger'; readonly directory: string; readonly keepHours: number }
  /** No Jaeger: spans go to a backend of the user's own. */
  | { readonly kind: 'none' }

/** What can be chosen about Jaeger. */
export interface JaegerSettings {
  readonly storage: JaegerStorage
  /** Path below which page and API are; Linkerd's dashboard links to `/jaeger`. Empty: at the root. */
  readonly basePath: string
}

/** Ten spans of 3 KiB a trace: 20,000 traces take some 600 MiB. The oldest gives way to the newest. */
export const MEMORY_STORAGE: JaegerStorage = { kind: 'memory', maxTraces: 20_000 }

/** A volume is mounted at the directory; three days is Jaeger's own default. */
export const BADGER_STORAGE: JaegerStorage = { kind: 'badger', directory: '/badger', keepHours: 72 }

export const DEFAULT_JAEGER_SETTINGS: JaegerSettings = { storage: MEMORY_STORAGE, basePath: '/jaeger' }

/** Where Jaeger's container listens. */
export const JAEGER_PORTS = {
  otlpGrpc: 4317,
  otlpHttp: 4318,
  query: 16686,
  queryGrpc: 16685,
  health: 13133,
  metrics: 8888,
} as const
