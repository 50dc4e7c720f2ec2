import { ApiError, BrokenAnswerError, SilentConnectionError } from './api-error.ts'

/** Why a watch had to begin again; the label of a metric. */
export type WatchEnd = 'closed' | 'expired' | 'silent' | 'forbidden' | 'busy' | 'disconnected' | 'error'

/** Takes what a list or watch threw, gives the word for it. */
export function causeOf(error: unknown): Exclude<WatchEnd, 'closed'> {
  if (error instanceof SilentConnectionError) return 'silent'
  if (error instanceof BrokenAnswerError) return 'error'
  if (!(error instanceof ApiError)) return 'disconnected'
  return BY_STATUS[error.status] ?? 'error'
}

const BY_STATUS: Readonly<Record<number, WatchEnd & ('expired' | 'forbidden' | 'busy')>> = {
  401: 'forbidden',
  403: 'forbidden',
  410: 'expired',
  429: 'busy',
  503: 'busy',
}
