import type { InjectionDecision } from './decision.ts'
import { isJsonObject, type JsonObject, objectOf } from './json.ts'
import { LINKERD_INJECT, STATUS } from './metadata-names.ts'
import type { ContainerPosition, ListChanges, PodChanges } from './pod-changes.ts'

/** One operation of a JSON Patch (RFC 6902), as far as we use them. */
export type PatchOperation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }

/**
 * Writes the patch for a decision. It applies to the Pod that was decided on, whatever that lacks: the API server
 * rejects a Pod whose patch does not apply, failurePolicy or not.
 */
export function podPatch(pod: unknown, decision: InjectionDecision): PatchOperation[] {
  const object = isJsonObject(pod) ? pod : {}
  if (decision.outcome === 'marked') return annotate(object, LINKERD_INJECT, 'enabled')
  if (decision.outcome !== 'traced') return []
  return [...traceOperations(object, decision.changes), ...annotate(object, STATUS, 'traced')]
}

function annotate(pod: JsonObject, name: string, value: string): PatchOperation[] {
  const metadata = objectOf(pod, 'metadata')
  const annotations = objectOf(metadata, 'annotations')
  if (metadata === undefined) return [{ op: 'add', path: '/metadata', value: { annotations: { [name]: value } } }]
  if (annotations === undefined) return [{ op: 'add', path: '/metadata/annotations', value: { [name]: value } }]
  if (annotations[name] === value) return []
  return [{ op: 'add', path: `/metadata/annotations/${escapePointer(name)}`, value }]
}

/** RFC 6901, section 3. */
function escapePointer(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1')
}

function traceOperations(pod: JsonObject, { proxy, env, podinfo, args }: PodChanges): PatchOperation[] {
  const spec = objectOf(pod, 'spec')
  return [
    ...additions(spec, '/spec/volumes', podinfo.volume === undefined ? [] : [podinfo.volume]),
    ...additions(
      containerAt(spec, proxy),
      `${pathOf(proxy)}/volumeMounts`,
      podinfo.mount === undefined ? [] : [podinfo.mount],
    ),
    ...listOperations(containerAt(spec, proxy), `${pathOf(proxy)}/env`, env),
    ...args.flatMap(({ position, changes }) =>
      listOperations(containerAt(spec, position), `${pathOf(position)}/args`, changes),
    ),
  ]
}

function pathOf({ list, index }: ContainerPosition): string {
  return `/spec/${list}/${index}`
}

function containerAt(spec: JsonObject | undefined, { list, index }: ContainerPosition): JsonObject | undefined {
  const containers = spec?.[list]
  const container: unknown = Array.isArray(containers) ? containers[index] : undefined
  return isJsonObject(container) ? container : undefined
}

/** Replacements first, while the indexes hold; then removals from the end; then additions. */
function listOperations<T>(parent: JsonObject | undefined, path: string, changes: ListChanges<T>): PatchOperation[] {
  const removals = [...changes.remove].sort((a, b) => b - a)
  return [
    ...changes.replace.map(({ index, value }) => ({ op: 'replace', path: `${path}/${index}`, value }) as const),
    ...removals.map((index) => ({ op: 'remove', path: `${path}/${index}` }) as const),
    ...additions(parent, path, changes.append),
  ]
}

function additions(parent: JsonObject | undefined, path: string, values: readonly unknown[]): PatchOperation[] {
  if (values.length === 0) return []
  // "-" needs a list to append to; an absent one, or null, is added whole
  if (!Array.isArray(parent?.[path.slice(path.lastIndexOf('/') + 1)])) return [{ op: 'add', path, value: values }]
  return values.map((value) => ({ op: 'add', path: `${path}/-`, value }))
}
