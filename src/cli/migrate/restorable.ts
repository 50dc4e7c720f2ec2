import { type JsonObject, objectOf, textOf } from '../../injection/json.ts'
import type { FoundObject } from './migration-facts.ts'

/** What the API server gives each object anew. */
const SERVERS = [
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generation',
  'managedFields',
  'selfLink',
]
/** What it gives a Service, and somebody else may have by the time it is made again. */
const SERVICES = ['clusterIP', 'clusterIPs', 'healthCheckNodePort']
/** Written by the controller of Deployments, about rollouts that are over. */
const REVISION = 'deployment.kubernetes.io/revision'

/** Takes an object as the API server has it, gives it as it can be made again. Pure. */
export function restorable({ kind, collection, object }: FoundObject): JsonObject {
  const { status: _status, ...content } = object
  const metadata = without(objectOf(object, 'metadata') ?? {}, SERVERS)
  const annotations = without(objectOf(metadata, 'annotations') ?? {}, [REVISION])
  const spec = objectOf(object, 'spec')
  const isHeadless = textOf(spec, 'clusterIP') === 'None'
  return {
    ...content,
    apiVersion: collection.root.replace(/^\/apis?\//, ''),
    kind,
    metadata: { ...metadata, ...(metadata['annotations'] !== undefined && { annotations }) },
    ...(kind === 'Service' && spec !== undefined && !isHeadless && { spec: without(spec, SERVICES) }),
    // Tokens of before, each in a Secret of its own.
    ...(kind === 'ServiceAccount' && { secrets: [] }),
  }
}

function without(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)))
}

/** Takes an object and a merge patch, gives whether the object is as the patch would have it. Pure. */
export function isAsPatched(object: unknown, patch: unknown): boolean {
  if (patch === null) return object === undefined
  if (typeof patch !== 'object') return object === patch
  const members = typeof object === 'object' && object !== null ? (object as JsonObject) : {}
  return Object.entries(patch as JsonObject).every(([key, value]) => isAsPatched(members[key], value))
}
