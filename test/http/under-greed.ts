import { setTimeout as sleep } from 'node:timers/promises'
import { quantile } from '../../bench/statistics.ts'
import { residentMib } from '../traces/processes/memory.ts'
import type { GreedyClients, Target } from './greedy-clients.ts'
import { SMALL } from './greedy-clients.ts'
import { postOnce } from './post-once.ts'

export interface ServedUnderGreed {
  readonly name: string
  readonly clients: number
  /** Reviews of others that were answered meanwhile, and what came instead of an answer. */
  readonly answered: number
  readonly unanswered: readonly string[]
  readonly p50Ms: number
  readonly p99Ms: number
  /** The most that the process had in RAM meanwhile. */
  readonly peakMib: number
}

export interface GreedOptions {
  readonly target: Target
  readonly pid: number
  readonly clients: number
  /** How many reviews of others shall be answered. */
  readonly reviews: number
}

const LIMIT_MS = 60_000

/** Lets greedy clients at a server, and others post ordinary reviews meanwhile, each over a connection of its own. */
export async function serveUnderGreed(greedy: GreedyClients, options: GreedOptions): Promise<ServedUnderGreed> {
  const { target, pid, clients, reviews } = options
  const times: number[] = []
  const unanswered: string[] = []
  let peakMib = 0
  const post = () =>
    postOnce(target, { body: SMALL }).then(
      ({ status, ms }) => (status === 200 ? times.push(ms) : unanswered.push(`HTTP ${status}`)),
      (error: Error) => unanswered.push(error.message),
    )
  const starting = greedy.start(target, clients)
  const end = performance.now() + LIMIT_MS
  let isAtIt = false
  void starting.then(() => {
    isAtIt = true
  })
  // While they come, and then as often as was asked for.
  for (let left = reviews; left > 0 && performance.now() < end; left -= isAtIt ? 1 : 0) {
    await post()
    peakMib = Math.max(peakMib, residentMib(pid))
    await sleep(20)
  }
  const stop = await starting
  stop()
  const [p50Ms, p99Ms] = [quantile(times, 0.5), quantile(times, 0.99)]
  return { name: greedy.name, clients, answered: times.length, unanswered, p50Ms, p99Ms, peakMib }
}
