import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiAnswer } from '../api-requests.ts'
import { fateOf, type InjectedShop, type PodFate } from '../injected-shop.ts'

/** A time of `performance.now()`, from and to. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** A Pod that was asked for, and what became of it. */
export interface AskedPod extends Span {
  readonly fate: PodFate | 'no answer'
  /** What the API server said instead of making it. */
  readonly refusal?: string
}

export interface StreamedWork<T> {
  readonly pods: readonly AskedPod[]
  readonly result: T
}

const AT_ONCE = 6
/** An API server that is away is asked again a little later. */
const PAUSE_MS = 100

/** Makes Pods while something is done, as many as go: six at a time, each followed by the next one at once. */
export async function streamPods<T>(shop: InjectedShop, work: () => Promise<T>): Promise<StreamedWork<T>> {
  const pods: AskedPod[] = []
  let isOver = false
  const worker = async () => {
    while (!isOver) {
      const pod = await askFor(shop)
      pods.push(pod)
      if (pod.fate === 'no answer' || pod.refusal !== undefined) await sleep(PAUSE_MS)
    }
  }
  const workers = Array.from({ length: AT_ONCE }, worker)
  try {
    return { result: await work(), pods }
  } finally {
    isOver = true
    await Promise.all(workers)
  }
}

async function askFor(shop: InjectedShop): Promise<AskedPod> {
  const from = performance.now()
  const answer = await shop.createPod().catch(() => undefined)
  const to = performance.now()
  return answer === undefined ? { from, to, fate: 'no answer' } : { from, to, ...outcomeOf(answer) }
}

function outcomeOf(answer: ApiAnswer): Pick<AskedPod, 'fate' | 'refusal'> {
  const fate = fateOf(answer)
  return answer.status === 201 ? { fate } : { fate, refusal: String(answer.body.message) }
}

/** Whether a Pod was under way in one of these times. */
export function isWithin(pod: Span, spans: readonly Span[]): boolean {
  return spans.some(({ from, to }) => pod.from <= to && pod.to >= from)
}
