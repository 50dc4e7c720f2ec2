import type { InstallSettings } from '../../injection/install-settings.ts'
import type { JsonObject } from '../../injection/json.ts'
import type { CheckLine } from '../check/run-checks.ts'
import type { FoundSpans } from '../traces/jaeger-query.ts'

/** All that an explanation depends on, as it was found in the cluster. */
export interface ExplainFacts {
  readonly pod: JsonObject
  readonly podNamespace: string
  /** The Namespace's object; undefined when it could not be read. */
  readonly namespace: JsonObject | undefined
  readonly install: InstallSettings
  /** What `check` says of the webhook configurations, and of whether they lead anywhere. */
  readonly configured: readonly WebhookLine[]
  readonly reached: readonly WebhookLine[]
  readonly collector: CollectorFacts
  readonly spans: SpanFacts
}

export type WebhookLine = Pick<CheckLine, 'description' | 'result' | 'because'>

/** Where the proxy's address leads. */
export type CollectorFacts =
  | {
      readonly kind: 'service'
      readonly namespace: string
      readonly name: string
      readonly port: number
      readonly service: JsonObject | undefined
      /** That the Service selects. */
      readonly pods: readonly JsonObject[]
    }
  /** To no Service of this cluster, as far as can be seen. */
  | { readonly kind: 'elsewhere'; readonly because: string }
  | { readonly kind: 'same-pod' }
  /** There is no address. */
  | { readonly kind: 'none' }

/** What Jaeger has of the last hour. */
export type SpanFacts =
  | {
      readonly kind: 'asked'
      readonly service: string
      /** Of this Pod, and of the service as a whole. */
      readonly own: FoundSpans
      readonly all: FoundSpans
    }
  | { readonly kind: 'unchecked'; readonly because: string }
