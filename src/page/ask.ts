import type { Answer } from './reports/answer.ts'

/** Takes a question, asks the server that the page came from. Never rejects: a server that has gone is a problem too. */
export async function ask<Report>(question: string, signal: AbortSignal): Promise<Answer<Report>> {
  try {
    // Relative: the page never learns the token that its address begins with.
    const response = await fetch(`api/${question}`, { signal })
    if (response.ok) return (await response.json()) as Answer<Report>
    return problem(`The server of this page answered HTTP ${response.status}; its terminal says more.`)
  } catch {
    return problem('The program that serves this page has ended. Started again, it has another address.')
  }
}

function problem(sentence: string): Answer<never> {
  return { problem: { sentence, commands: ['linkerd-tracing dashboard'] } }
}
