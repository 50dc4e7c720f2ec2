import { isJsonObject, type JsonObject, listOf, objectOf } from './json.ts'

/** The members of a Pod that we look at. Absent and null members read as empty; nothing is copied. */
export interface RawPod {
  readonly annotations: JsonObject
  readonly labels: JsonObject
  readonly spec: JsonObject
  readonly containers: readonly unknown[]
  readonly initContainers: readonly unknown[]
  readonly volumes: readonly unknown[]
}

/**
 * Reads a Pod.
 * @returns the Pod, or the path of a member that has another type than the API's, so that it is no core/v1 Pod
 */
export function readPod(object: JsonObject): RawPod | { readonly wrongType: string } {
  const metadata = objectOf(object, 'metadata')
  const spec = objectOf(object, 'spec')
  const wrongType =
    wrongMember(object, { objects: ['metadata', 'spec'], lists: [], path: '' }) ??
    wrongMember(metadata, { objects: ['annotations', 'labels'], lists: [], path: 'metadata.' }) ??
    wrongMember(spec, { objects: [], lists: ['containers', 'initContainers', 'volumes'], path: 'spec.' }) ??
    wrongContainer(spec, 'containers') ??
    wrongContainer(spec, 'initContainers')
  if (wrongType !== undefined) return { wrongType }
  return {
    annotations: objectOf(metadata, 'annotations') ?? {},
    labels: objectOf(metadata, 'labels') ?? {},
    spec: spec ?? {},
    containers: listOf(spec, 'containers'),
    initContainers: listOf(spec, 'initContainers'),
    volumes: listOf(spec, 'volumes'),
  }
}

interface Members {
  readonly objects: readonly string[]
  readonly lists: readonly string[]
  readonly path: string
}

function wrongMember(parent: JsonObject | undefined, { objects, lists, path }: Members): string | undefined {
  if (parent === undefined) return undefined
  const wrong =
    objects.find((key) => !isAbsent(parent[key]) && !isJsonObject(parent[key])) ??
    lists.find((key) => !isAbsent(parent[key]) && !Array.isArray(parent[key]))
  return wrong === undefined ? undefined : path + wrong
}

function wrongContainer(spec: JsonObject | undefined, list: string): string | undefined {
  for (const [index, container] of listOf(spec, list).entries()) {
    if (!isJsonObject(container)) continue
    const path = `spec.${list}[${index}].`
    const wrong = wrongMember(container, { objects: [], lists: ['env', 'volumeMounts', 'args'], path })
    if (wrong !== undefined) return wrong
  }
  return undefined
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null
}
