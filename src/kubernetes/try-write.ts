import { ApiError } from './api-error.ts'
import type { ClusterLog } from './cluster-log.ts'

/** How a write ended. `conflict`: what was there is not what was thought to be there. */
export type WriteResult = 'written' | 'conflict' | 'forbidden' | 'error'

export interface Write {
  readonly log: ClusterLog
  readonly signal: AbortSignal
  /** What is written, in words. */
  readonly what: string
}

/**
 * Takes a write and how to do it, gives how it ended, and logs why it failed; a conflict is ordinary. Of a refusal only
 * what cannot quote the body is logged: the body may hold keys. Rejects only when the signal was aborted.
 */
export async function tryWrite({ log, signal, what }: Write, write: () => Promise<void>): Promise<WriteResult> {
  try {
    await write()
    return 'written'
  } catch (error) {
    if (signal.aborted) throw error
    const result = resultOf(error)
    const line = { because: reasonOf(error), result }
    if (result === 'conflict') log.debug(line, `${what} was changed by somebody else meanwhile`)
    else log.warn(line, `${what} could not be written or read`)
    return result
  }
}

function resultOf(error: unknown): Exclude<WriteResult, 'written'> {
  if (!(error instanceof ApiError)) return 'error'
  if (error.status === 403 || error.status === 401) return 'forbidden'
  // 422: a patch's test failed; 404: the object is gone; 409: somebody wrote at the same moment.
  return [404, 409, 422].includes(error.status) ? 'conflict' : 'error'
}

function reasonOf(error: unknown): string {
  if (!(error instanceof ApiError)) return (error as Error).message
  // What is said of a missing right names user and resource, nothing of the body.
  return [401, 403, 404, 409].includes(error.status) ? error.message : `HTTP ${error.status}`
}
