import { ApiError, BrokenAnswerError } from '../../kubernetes/api-error.ts'
import { NoAnswerError } from '../../kubernetes/name-server.ts'

/**
 * Takes work that gives a sentence for what went wrong, gives it also for what the API server refused or did not answer: one
 * workload that cannot be dealt with is no reason to say nothing of the others. Other errors are passed on.
 */
export async function sentenceOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    const given = await work
    return typeof given === 'string' ? given : undefined
  } catch (error) {
    return refusalSentence(error)
  }
}

/** Takes what work has thrown, gives the sentence of what the API server refused or did not answer. Throws all else again. */
export function refusalSentence(error: unknown): string {
  const isForeseen = error instanceof ApiError || error instanceof BrokenAnswerError || error instanceof NoAnswerError
  if (!isForeseen) throw error
  return error.message
}
