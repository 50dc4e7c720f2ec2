import { ApiError } from '../../kubernetes/api-error.ts'
import type { Answer, Problem } from '../../page/reports/answer.ts'
import { isFault } from '../fault.ts'

/** Takes what gives a report, gives it as an answer of the page: what was foreseen to go wrong is a problem. Rejects with faults. */
export async function answerQuestion<Report>(work: () => Promise<Report>): Promise<Answer<Report>> {
  try {
    return { report: await work() }
  } catch (error) {
    if (isFault(error)) throw error
    return { problem: problemOf(error as Error) }
  }
}

const FORBIDDEN = 403

function problemOf(error: Error): Problem {
  const isMissingRight = error instanceof ApiError && error.status === FORBIDDEN
  if (isMissingRight)
    return { sentence: `${error.message}. ${FEW_RIGHTS}`, commands: ['linkerd-tracing dashboard NAMESPACE'] }
  return { sentence: error.message, commands: ['linkerd-tracing check'] }
}

const FEW_RIGHTS = 'Who may look into some Namespaces only, names them when the page is started.'
