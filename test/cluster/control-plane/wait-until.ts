import { setTimeout as sleep } from 'node:timers/promises'

export interface Wait {
  /** What is waited for, as it stands in the error: "the API server to be ready". */
  readonly what: string
  readonly limitMs: number
  /** Said at the end of the error: a log's tail, the last answer. */
  readonly context?: () => string
}

type Found<T> = Exclude<T, false | null | undefined>

/** Polls until `probe` gives something true and gives that back; a probe that throws counts as "not yet". Throws at the limit. */
export async function waitUntil<T>(wait: Wait, probe: () => T | Promise<T>): Promise<Found<T>> {
  const end = performance.now() + wait.limitMs
  let last: unknown
  do {
    try {
      const found = await probe()
      if (found) return found as Found<T>
      last = undefined
    } catch (error) {
      last = error
    }
    await sleep(50)
  } while (performance.now() < end)
  const context = wait.context === undefined ? '' : `\n${wait.context()}`
  throw new Error(`Waited ${wait.limitMs / 1000} s for ${wait.what}.${context}`, { cause: last })
}
