/** Collector and Jaeger answer within milliseconds, or not at all; a port that is forwarded takes some more. */
const PATIENCE_MS = 10_000

export interface JsonAnswer {
  readonly status: number
  /** Undefined: it was no JSON. */
  readonly body: unknown
}

/** Takes a URL, and JSON to post, asks; gives the answer, whatever its status. Rejects with a sentence when there is none. */
export async function askJson(url: string, post?: object): Promise<JsonAnswer> {
  try {
    const answer = await fetch(url, {
      // A connection that is kept would hold up whoever ends, and a port that is forwarded with it.
      headers: { connection: 'close', 'content-type': 'application/json' },
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...(post !== undefined && { method: 'POST', body: JSON.stringify(post) }),
    })
    const text = await answer.text()
    return { status: answer.status, body: parsed(text) }
  } catch (error) {
    // fetch itself says no more than "fetch failed"; its cause does.
    const { cause = error } = error as { cause?: unknown }
    throw new Error(`${url} gives no answer: ${(cause as Error).message}`, { cause: error })
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
