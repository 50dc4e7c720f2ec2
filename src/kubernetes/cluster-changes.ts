import { isJsonObject, type JsonObject, objectOf, textOf } from '../injection/json.ts'
import type { ApiClient, ApiRequest } from './api-client.ts'
import { BrokenAnswerError } from './api-error.ts'
import { type ApiResource, describeResource } from './api-resource.ts'
import type { Collection } from './cluster-view.ts'

/** One change of one object. */
export interface ObjectChange {
  readonly collection: Collection
  readonly name: string
  /** A merge patch (RFC 7396): what it does not name stays, null removes. */
  readonly merge: object
  /** The API server judges the change and keeps nothing of it. */
  readonly dryRun?: boolean | undefined
}

/** An object that is made, with its name in it. */
export interface ObjectCreation extends Pick<ObjectChange, 'collection' | 'dryRun'> {
  readonly object: JsonObject
}

/** An object that is deleted. */
export interface ObjectDeletion extends Pick<ObjectChange, 'collection' | 'name' | 'dryRun'> {
  /** Only the object that was seen, as it was then; the API server refuses (409) when it is another by now. */
  readonly seen: { readonly uid: string; readonly resourceVersion: string }
}

/** What a command changes in a cluster, and nothing else. Each rejects with ApiError for a refusal. */
export interface ClusterChanges {
  /** Changes an object, gives it as it then is. */
  readonly merge: (change: ObjectChange) => Promise<JsonObject>
  /** Makes an object, gives it as it then is. */
  readonly create: (creation: ObjectCreation) => Promise<JsonObject>
  /** Deletes an object, and in the background what it owns. */
  readonly remove: (deletion: ObjectDeletion) => Promise<void>
}

/** Webhooks of others may be asked about the change, ten seconds each. */
const PATIENCE_MS = 30_000

/** By this name the API server remembers who set a field, and when (`managedFields`). */
export const FIELD_MANAGER = 'linkerd-tracing'

/** Takes a client, gives what changes objects of its cluster; `onRequest` is told of each change in words. */
export function changeCluster(client: ApiClient, onRequest: (text: string) => void = () => {}): ClusterChanges {
  const send = async (resource: ApiResource, { dryRun = false, ...sent }: SentChange): Promise<JsonObject> => {
    const query = { fieldManager: FIELD_MANAGER, ...(dryRun && { dryRun: 'All' }) }
    const signal = AbortSignal.timeout(PATIENCE_MS)
    const answer = await client.fetchJson({ resource, ...sent, query, idleMs: PATIENCE_MS, signal })
    onRequest(`${describeResource(resource)}${dryRun ? ' (dry run)' : ''}: ok`)
    if (isJsonObject(answer)) return answer
    throw new BrokenAnswerError(`cannot ${describeResource(resource)}: the answer is no object`)
  }
  return {
    merge: ({ collection, name, merge, dryRun }) => send({ ...collection, name, verb: 'patch' }, { merge, dryRun }),
    create: ({ collection, object, dryRun }) =>
      send(
        { ...collection, name: textOf(objectOf(object, 'metadata'), 'name') ?? '', verb: 'create' },
        { create: object, dryRun },
      ),
    remove: async ({ collection, name, seen, dryRun }) => {
      if (name === '') throw new Error(`cannot delete ${collection.plural}: without a name it would be all of them`)
      // Beside a body the query's dryRun would be overlooked (apiserver's endpoints/handlers/delete.go), and the object gone.
      const remove = {
        ...{ apiVersion: 'v1', kind: 'DeleteOptions', preconditions: seen, propagationPolicy: 'Background' },
        ...(dryRun === true && { dryRun: ['All'] }),
      }
      await send({ ...collection, name, verb: 'delete' }, { remove, dryRun })
    },
  }
}

type SentChange = Pick<ApiRequest, 'merge' | 'create' | 'remove'> & { readonly dryRun: boolean | undefined }
