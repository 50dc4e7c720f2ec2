import { randomUUID } from 'node:crypto'
import type { ApiClient } from './api-client.ts'
import type { ClusterLog } from './cluster-log.ts'
import type { ClusterTiming } from './cluster-timing.ts'
import { tryWrite } from './try-write.ts'

/** What an event says. */
export interface EventText {
  readonly type: 'Normal' | 'Warning'
  /** One word, as `kubectl get events` shows it. */
  readonly reason: string
  readonly message: string
}

export interface EventWriterParts {
  readonly client: ApiClient
  readonly timing: ClusterTiming
  readonly signal: AbortSignal
  readonly log: ClusterLog
  /** What events are about: an object of that Namespace. */
  readonly about: { readonly kind: string; readonly namespace: string; readonly name: string }
}

/** An event of one reason is written so seldom at most; the metrics count all. */
const EVENTS_APART_MS = 60_000

/** Takes what events are about, gives what writes them; it never rejects, and never repeats itself within a minute. */
export function createEventWriter(parts: EventWriterParts): (event: EventText) => void {
  const { client, timing, signal, log, about } = parts
  const written = new Map<string, number>()
  return ({ type, reason, message }) => {
    const key = `${reason} ${message}`
    if (performance.now() - (written.get(key) ?? Number.NEGATIVE_INFINITY) < EVENTS_APART_MS) return
    written.set(key, performance.now())
    const now = new Date().toISOString()
    const create = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${about.name}.${randomUUID()}`, namespace: about.namespace },
      involvedObject: { apiVersion: 'v1', ...about },
      type,
      reason,
      message,
      source: { component: 'linkerd-tracing-injector' },
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
    }
    const resource = { root: '/api/v1', plural: 'events', namespace: about.namespace, verb: 'create' } as const
    const send = async (): Promise<void> =>
      void (await client.fetchJson({ resource, create, idleMs: timing.requestIdleMs, signal }))
    // Aborted: there is nobody left to tell.
    void tryWrite({ log, signal, what: 'event' }, send).catch(() => {})
  }
}
