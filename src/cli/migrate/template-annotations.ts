import { type JsonObject, objectOf } from '../../injection/json.ts'
import type { FoundObject } from './migration-facts.ts'

/** Where the Pods of each kind get their metadata from; a Namespace's own counts for all of its Pods. */
const PATHS: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
}

/** Takes a workload or a Namespace, gives the metadata whose annotations count for its Pods. Pure. */
export function templateMetadata({ kind, object }: Pick<FoundObject, 'kind' | 'object'>): JsonObject | undefined {
  const template = (PATHS[kind] ?? []).reduce<JsonObject | undefined>(objectOf, object)
  return objectOf(template, 'metadata')
}

/** Takes a workload or a Namespace and a patch of that metadata, gives the patch of the object. Pure. */
export function wrapped({ kind }: Pick<FoundObject, 'kind'>, metadata: JsonObject): JsonObject {
  return [...(PATHS[kind] ?? []), 'metadata'].reduceRight<JsonObject>((inner, key) => ({ [key]: inner }), metadata)
}
