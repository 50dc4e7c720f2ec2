/** Anything that a YAML configuration can hold. */
export type ConfigValue = string | number | boolean | null | readonly ConfigValue[] | ConfigMap

/** A mapping of a YAML configuration. */
export interface ConfigMap {
  readonly [key: string]: ConfigValue
}

/** What a pipeline is made of, by id (`type` or `type/name`). */
export type Components = Readonly<Record<string, ConfigMap>>

/** The pieces that spans pass, in order. Each is an id. */
export interface Pipeline {
  readonly receivers: readonly string[]
  readonly processors: readonly string[]
  readonly exporters: readonly string[]
}

/** A configuration of the OpenTelemetry Collector, or of what is built from it, as Jaeger is. */
export interface ComponentConfig {
  readonly extensions: Components
  readonly receivers: Components
  readonly processors: Components
  readonly exporters: Components
  readonly service: {
    readonly extensions: readonly string[]
    readonly pipelines: { readonly traces: Pipeline }
    readonly telemetry: ConfigMap
  }
}

/** Takes a configuration, gives it as a mapping, which an overlay may change in any way. */
export function mapOf({ extensions, receivers, processors, exporters, service }: ComponentConfig): ConfigMap {
  const { telemetry, pipelines } = service
  const traces = { ...pipelines.traces }
  return { extensions, receivers, processors, exporters, service: { ...service, telemetry, pipelines: { traces } } }
}
