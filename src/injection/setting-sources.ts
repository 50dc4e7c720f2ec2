import { type JsonObject, textOf } from './json.ts'
import type { NamespaceMeta } from './pod-request.ts'
import { quote } from './quote.ts'

/** A setting in effect, and where it was found, for the user to look it up. */
export interface Setting {
  readonly text: string
  /** Such as `Pod annotation config.linkerd.io/trace-collector`. */
  readonly source: string
}

/** The annotations that can hold a setting, the nearest first. */
export interface AnnotationSources {
  readonly pod: JsonObject
  readonly namespace: NamespaceMeta | undefined
}

/** Finds a setting: Pod over Namespace. An empty annotation is a value. */
export function findAnnotation(sources: AnnotationSources, name: string): Setting | undefined {
  const own = textOf(sources.pod, name)
  if (own !== undefined) return { text: own, source: `Pod annotation ${name}` }
  const inherited = textOf(sources.namespace?.annotations, name)
  return inherited === undefined ? undefined : { text: inherited, source: `Namespace annotation ${name}` }
}

/** The sentence that says what is wrong with a setting: where it is, what it is, which rule it breaks. */
export function faultSentence({ text, source }: Setting, rule: string): string {
  return `${source} ${quote(text)} ${rule}`
}
