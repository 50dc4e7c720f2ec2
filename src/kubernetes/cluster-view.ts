import { isJsonObject, type JsonObject, objectOf } from '../injection/json.ts'
import type { ApiClient, ApiRequest } from './api-client.ts'
import { ApiError, BrokenAnswerError } from './api-error.ts'
import { type ApiResource, describeResource } from './api-resource.ts'
import { listPages } from './list-pages.ts'
import { NAMESPACE_ACCEPT } from './namespace-resource.ts'

/** Where objects of a kind are; without `namespace` those of the cluster, or of all Namespaces. */
export type Collection = Pick<ApiResource, 'root' | 'plural' | 'namespace'>

/** A right to ask for, as RBAC names it. */
export interface Right {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly namespace?: string
}

export interface Walk {
  /** Objects come without what they say beside their metadata. */
  readonly metadataOnly?: boolean
}

/** What a dry run says: the object as it would be stored, and the warnings that kubectl would print. */
export interface DryRun {
  readonly object: JsonObject
  readonly warnings: readonly string[]
}

/** A path that a Pod serves by plain HTTP, which the API server asks for in our name. */
export interface PodPath {
  readonly namespace: string
  readonly pod: string
  readonly port: number
  /** Without the slash that it begins with. */
  readonly path: string
}

/** How a Pod answered, or who stands before it: the status, and what a refusal said. */
export interface PodAnswer {
  readonly status: number
  readonly said: string
}

/**
 * What a command sees of a cluster. What was read once is remembered, so that many questions cost one request and are
 * answered about one moment. Nothing in it changes the cluster. Everything rejects with ApiError for a refusal.
 */
export interface ClusterView {
  /** Gives an object; undefined when it, or its kind, is not there. */
  readonly get: (collection: Collection, name: string) => Promise<JsonObject | undefined>
  /** Gives what stands at a path that is no object's (`version`, `apis/GROUP/VERSION`); undefined when nothing does. */
  readonly read: (path: string) => Promise<JsonObject | undefined>
  /** Gives the objects with these labels (`a=b`), or all; undefined when there is no such kind. */
  readonly list: (collection: Collection, labels?: string) => Promise<readonly JsonObject[] | undefined>
  /**
   * Hands over all objects of a collection, page by page, and remembers none; false when there is no such kind. Of a large
   * cluster only this is bounded in memory.
   */
  readonly walk: (collection: Collection, take: (object: JsonObject) => void, how?: Walk) => Promise<boolean>
  /** Gives what creating an object would give (`dryRun=All`); admission webhooks are called. */
  readonly dryRunCreate: (collection: Collection, object: object) => Promise<DryRun>
  /** Posts JSON to a Pod by way of the API server, which dials the Pod from outside of the mesh, in plaintext. */
  readonly postToPod: (path: PodPath, body: object) => Promise<PodAnswer>
  /** Whether whoever asks has a right (SelfSubjectAccessReview). */
  readonly may: (right: Right) => Promise<boolean>
  /** Gives a view of this moment. */
  readonly renew: () => ClusterView
}

/** A person waits for the answer; a dry run that calls all of a cluster's webhooks in vain takes ten seconds each. */
const PATIENCE_MS = 30_000
/** A Pod that is reached answers at once; one behind a firewall never does, and every `linkerd check` would wait for it. */
const POD_PATIENCE_MS = 5_000

/** Takes a client, gives a view of its cluster; `onRequest` is told of each request in words, and of how it ended. */
export function viewCluster(client: ApiClient, onRequest: (text: string) => void = () => {}): ClusterView {
  const ask = async (resource: ApiResource, more: Partial<ApiRequest> = {}): Promise<JsonObject> => {
    const answer = await told(resource, () => client.fetchJson({ resource, ...bounds(), ...more }))
    if (isJsonObject(answer)) return answer
    throw new BrokenAnswerError(`cannot ${describeResource(resource)}: the answer is no object`)
  }
  const told = async <T>(resource: ApiResource, work: () => Promise<T>): Promise<T> => {
    try {
      const answer = await work()
      onRequest(`${describeResource(resource)}: ok`)
      return answer
    } catch (error) {
      onRequest((error as Error).message)
      throw error
    }
  }
  const listAll = async (collection: Collection, labels: string | undefined): Promise<JsonObject[]> => {
    const resource = { ...collection, verb: 'list' } as const
    const query = labels === undefined ? {} : { labelSelector: labels }
    const items: JsonObject[] = []
    await told(resource, () => listPages(client, { resource, query, ...bounds() }, (item) => items.push(item)))
    return items
  }
  const walkAll: ClusterView['walk'] = async (collection, take, { metadataOnly = false } = {}) => {
    const resource = { ...collection, verb: 'list' } as const
    // Bounded by the silence between two pages, not in all: a large cluster has hundreds of them.
    const request = { resource, idleMs: PATIENCE_MS, signal: new AbortController().signal }
    const accept = metadataOnly ? { accept: NAMESPACE_ACCEPT.list } : {}
    const listed = told(resource, () => listPages(client, { ...request, ...accept }, take))
    return (await unlessAbsent(listed)) !== undefined
  }
  const remembered = new Map<string, Promise<unknown>>()
  const remember = <T>(key: readonly unknown[], read: () => Promise<T>): Promise<T> => {
    const id = JSON.stringify(key)
    const known = remembered.get(id) ?? read()
    remembered.set(id, known)
    return known as Promise<T>
  }
  return {
    get: (collection, name) => {
      const { root, plural, namespace } = collection
      const resource = { ...collection, verb: 'get', name } as const
      return remember(['get', root, plural, namespace, name], () => unlessAbsent(ask(resource)))
    },
    read: (path) => remember(['read', path], () => unlessAbsent(ask({ verb: 'get', root: '', plural: path }))),
    list: (collection, labels) => {
      const { root, plural, namespace } = collection
      return remember(['list', root, plural, namespace, labels], () => unlessAbsent(listAll(collection, labels)))
    },
    walk: walkAll,
    dryRunCreate: async (collection, create) => {
      const warnings: string[] = []
      const onWarning = (text: string) => warnings.push(text)
      const query = { dryRun: 'All', fieldManager: 'linkerd-tracing' }
      return { object: await ask({ ...collection, verb: 'create' }, { create, query, onWarning }), warnings }
    },
    postToPod: async ({ namespace, pod, port, path }, create) => {
      const resource = {
        root: '/api/v1',
        namespace,
        plural: `pods/${pod}:${port}/proxy/${path}`,
        verb: 'create',
      } as const
      try {
        await ask(resource, { create, ...bounds(POD_PATIENCE_MS) })
        return { status: 200, said: '' }
      } catch (error) {
        if (error instanceof ApiError) return { status: error.status, said: error.said }
        const { message } = error as Error
        throw new Error(`no answer of ${namespace}/${pod}:${port} by way of the API server: ${message}`, {
          cause: error,
        })
      }
    },
    may: async (right) => {
      const root = '/apis/authorization.k8s.io/v1'
      const create = { apiVersion: 'authorization.k8s.io/v1', kind: REVIEW, spec: { resourceAttributes: right } }
      const review = await ask({ root, plural: 'selfsubjectaccessreviews', verb: 'create' }, { create })
      return objectOf(review, 'status')?.['allowed'] === true
    },
    renew: () => viewCluster(client, onRequest),
  }
}

const REVIEW = 'SelfSubjectAccessReview'

function bounds(patienceMs = PATIENCE_MS): Pick<ApiRequest, 'idleMs' | 'signal'> {
  return { idleMs: patienceMs, signal: AbortSignal.timeout(patienceMs) }
}

async function unlessAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined
    throw error
  }
}
