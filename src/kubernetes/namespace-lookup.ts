import type { NamespaceReader, UnknownNamespace } from '../admission/admit-pod.ts'
import { isKubernetesLabel } from '../injection/dns-name.ts'
import { isJsonObject } from '../injection/json.ts'
import type { NamespaceMeta } from '../injection/pod-request.ts'
import { quote } from '../injection/quote.ts'
import type { ApiClient } from './api-client.ts'
import { ApiError } from './api-error.ts'
import type { ClusterTiming } from './cluster-timing.ts'
import { reduceNamespace } from './namespace-meta.ts'
import { NAMESPACE_ACCEPT, NAMESPACES } from './namespace-resource.ts'

/** How a GET of one Namespace ended; the label of a metric. */
export type LookupResult = 'found' | 'absent' | 'timeout' | 'forbidden' | 'error'

export interface NamespaceLookup {
  readonly client: ApiClient
  readonly timing: ClusterTiming
  readonly onResult: (result: LookupResult) => void
}

type Answer = NamespaceMeta | UnknownNamespace

/**
 * Gives a reader that asks the API server for one Namespace, within one bound for all of it. Pods that come meanwhile
 * and shortly after share the answer, a failure too, so that a burst of them is one GET. It never rejects: what cannot
 * be read is unknown, and the answer says why.
 */
export function createNamespaceLookup(lookup: NamespaceLookup): NamespaceReader {
  const answers = new Map<string, Promise<Answer>>()
  return (name) => {
    // Also guards the path: the names `.` and `..` would be another resource's.
    if (!isKubernetesLabel(name)) return unknown(name, 'is no name of a Namespace')
    const known = answers.get(name)
    if (known !== undefined) return known
    const answer = ask(lookup, name)
    answers.set(name, answer)
    void answer.then(() => setTimeout(() => answers.delete(name), lookup.timing.lookupMemoryMs).unref())
    return answer
  }
}

async function ask({ client, timing, onResult }: NamespaceLookup, name: string): Promise<Answer> {
  const bound = AbortSignal.timeout(timing.lookupMs)
  try {
    const namespace = await client.fetchJson({
      resource: { ...NAMESPACES, verb: 'get', name },
      accept: NAMESPACE_ACCEPT.get,
      idleMs: timing.lookupMs,
      // Alone: joined with a signal that lives as long as the process, each lookup would leave a trace in that one.
      signal: bound,
    })
    onResult('found')
    return reduceNamespace(isJsonObject(namespace) ? namespace : {})
  } catch (error) {
    const result = bound.aborted ? 'timeout' : resultOf(error)
    onResult(result)
    return unknown(name, result === 'timeout' ? `could not be read within ${timing.lookupMs} ms` : WHY[result])
  }
}

function resultOf(error: unknown): Exclude<LookupResult, 'found' | 'timeout'> {
  if (!(error instanceof ApiError)) return 'error'
  if (error.status === 404) return 'absent'
  return error.status === 401 || error.status === 403 ? 'forbidden' : 'error'
}

const WHY = {
  absent: 'is not known to the API server',
  forbidden: 'could not be read: the right to get it is missing',
  error: 'could not be read from the API server',
} as const

function unknown(name: string, why: string): UnknownNamespace {
  return { unknownBecause: `Namespace ${quote(name)} ${why}` }
}
