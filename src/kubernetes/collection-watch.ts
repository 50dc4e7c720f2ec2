import { setTimeout as wait } from 'node:timers/promises'
import type { JsonObject } from '../injection/json.ts'
import type { ApiClient, ApiRequest } from './api-client.ts'
import { ApiError } from './api-error.ts'
import type { ApiResource } from './api-resource.ts'
import { backoffMs } from './backoff.ts'
import type { ClusterTiming } from './cluster-timing.ts'
import { listPages } from './list-pages.ts'
import { type WatchEvent, watchEvents } from './watch-events.ts'
import { causeOf, type WatchEnd } from './watch-failure.ts'

/** Where the objects of a collection go. */
export interface CollectionSink {
  /** Begins a new list beside what is there; `commit` puts it in its place, at once. */
  readonly beginReplacement: () => { readonly add: (object: JsonObject) => void; readonly commit: () => void }
  readonly upsert: (object: JsonObject) => void
  readonly remove: (object: JsonObject) => void
}

/** A watch that ended and will begin again. */
export interface WatchFailure {
  readonly cause: WatchEnd
  /** Absent when the API server ended the watch as it should. */
  readonly error?: unknown
  readonly retryInMs: number
}

export interface CollectionWatch {
  readonly client: ApiClient
  /** Without its verb. */
  readonly resource: Omit<ApiResource, 'verb'>
  /** Media types for a list and for a watch; JSON when absent. */
  readonly accept?: { readonly list: string; readonly watch: string }
  /** Objects of one page of a list; 500 when absent. */
  readonly pageLimit?: number
  readonly sink: CollectionSink
  readonly timing: ClusterTiming
  readonly signal: AbortSignal
  /** A list has come through, in place of all that was there. */
  readonly onSynced?: () => void
  /** Something came: an event, or a sign of life. */
  readonly onAlive?: () => void
  readonly onFailure?: (failure: WatchFailure) => void
}

/**
 * Keeps a sink equal to a collection of the API until the signal aborts: lists it, then watches from there, and begins
 * again after whatever happens, with growing pauses. Never rejects.
 */
export async function watchCollection(watch: CollectionWatch): Promise<void> {
  let version: string | undefined
  let failures = 0
  while (!watch.signal.aborted) {
    const startedAt = Date.now()
    const turn = await takeTurn(watch, version)
    // Aborted while we waited: what came then is no failure.
    if (watch.signal.aborted) return
    // What lasted did work, so that two restarts of an API server in a row do not add up to a long pause; an ordinary
    // end of it is no failure at all.
    if (Date.now() - startedAt >= watch.timing.workedMs) failures = turn.cause === 'closed' ? -1 : 0
    failures += 1
    version = LISTED_ANEW.has(turn.cause) ? undefined : turn.version
    const retryInMs = pauseBefore(watch.timing, failures, turn)
    watch.onFailure?.({ cause: turn.cause, error: turn.error, retryInMs })
    await wait(retryInMs, undefined, { signal: watch.signal }).catch(() => {})
  }
}

/** What came of a list, where one was due, and the watch after it. */
interface Turn {
  readonly cause: WatchEnd
  readonly error?: unknown
  /** From where to watch on; undefined: list again. */
  readonly version: string | undefined
}

async function takeTurn(watch: CollectionWatch, from: string | undefined): Promise<Turn> {
  let version = from
  try {
    version ??= await list(watch)
    for await (const event of watchEvents(watch.client, watchRequest(watch, version))) {
      apply(watch.sink, event)
      version = event.resourceVersion
      watch.onAlive?.()
    }
    return { cause: 'closed', version }
  } catch (error) {
    return { cause: causeOf(error), error, version }
  }
}

/**
 * After these the version is not watched on from. `silent`: an API server whose etcd was set back to a backup says
 * nothing until its versions have caught up with ours. `error`: the event that it failed at would come again.
 */
const LISTED_ANEW: ReadonlySet<WatchEnd> = new Set(['expired', 'silent', 'error'])

function pauseBefore({ backoffMs: firstMs, maxBackoffMs: maxMs }: ClusterTiming, failures: number, turn: Turn): number {
  if (failures === 0) return 0
  const asked = turn.error instanceof ApiError ? turn.error.retryAfterMs : 0
  return Math.min(maxMs, Math.max(asked, backoffMs(failures - 1, { firstMs, maxMs })))
}

async function list(watch: CollectionWatch): Promise<string> {
  const replacement = watch.sink.beginReplacement()
  const version = await listPages(watch.client, listRequest(watch), replacement.add)
  replacement.commit()
  watch.onSynced?.()
  watch.onAlive?.()
  return version
}

function listRequest({ resource, accept, pageLimit, signal, timing }: CollectionWatch): ApiRequest {
  return {
    resource: { ...resource, verb: 'list' },
    ...(accept === undefined ? {} : { accept: accept.list }),
    ...(pageLimit === undefined ? {} : { query: { limit: String(pageLimit) } }),
    idleMs: timing.requestIdleMs,
    signal,
  }
}

function watchRequest({ resource, accept, signal, timing }: CollectionWatch, resourceVersion: string): ApiRequest {
  const seconds = Math.ceil((timing.watchMs * (1 + Math.random())) / 1000)
  return {
    resource: { ...resource, verb: 'watch' },
    ...(accept === undefined ? {} : { accept: accept.watch }),
    query: { resourceVersion, allowWatchBookmarks: 'true', timeoutSeconds: String(seconds) },
    idleMs: timing.requestIdleMs,
    silenceMs: timing.watchSilenceMs,
    signal,
  }
}

function apply(sink: CollectionSink, { type, object }: WatchEvent): void {
  if (type === 'DELETED') sink.remove(object)
  else if (type !== 'BOOKMARK') sink.upsert(object)
}
