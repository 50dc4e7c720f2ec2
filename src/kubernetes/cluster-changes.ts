import { isJsonObject, type JsonObject } from '../injection/json.ts'
import type { ApiClient } from './api-client.ts'
import { BrokenAnswerError } from './api-error.ts'
import { describeResource } from './api-resource.ts'
import type { Collection } from './cluster-view.ts'

/** One change of one object. */
export interface ObjectChange {
  readonly collection: Collection
  readonly name: string
  /** A merge patch (RFC 7396): what it does not name stays, null removes. */
  readonly merge: object
  /** The API server judges the change and keeps nothing of it. */
  readonly dryRun?: boolean
}

/** What a command changes in a cluster, and nothing else. */
export interface ClusterChanges {
  /** Changes an object, gives it as it then is. Rejects with ApiError for a refusal. */
  readonly merge: (change: ObjectChange) => Promise<JsonObject>
}

/** Webhooks of others may be asked about the change, ten seconds each. */
const PATIENCE_MS = 30_000

/** By this name the API server remembers who set a field, and when (`managedFields`). */
export const FIELD_MANAGER = 'linkerd-tracing'

/** Takes a client, gives what changes objects of its cluster; `onRequest` is told of each change in words. */
export function changeCluster(client: ApiClient, onRequest: (text: string) => void = () => {}): ClusterChanges {
  return {
    merge: async ({ collection, name, merge, dryRun = false }) => {
      const resource = { ...collection, name, verb: 'patch' } as const
      const query = { fieldManager: FIELD_MANAGER, ...(dryRun && { dryRun: 'All' }) }
      const signal = AbortSignal.timeout(PATIENCE_MS)
      const answer = await client.fetchJson({ resource, merge, query, idleMs: PATIENCE_MS, signal })
      onRequest(`${describeResource(resource)}${dryRun ? ' (dry run)' : ''}: ok`)
      if (isJsonObject(answer)) return answer
      throw new BrokenAnswerError(`cannot ${describeResource(resource)}: the answer is no object`)
    },
  }
}
