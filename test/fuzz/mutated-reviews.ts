import { mutateText } from './mutate-text.ts'
import { mutateTree } from './mutate-tree.ts'
import { type Random, randomOf } from './random.ts'
import { readSeedReviews, type SeedReview } from './seed-reviews.ts'

/** One body as it is posted, with what is known when it comes. */
export interface MutatedReview extends Pick<SeedReview, 'name' | 'namespace' | 'settings'> {
  readonly body: Buffer
}

type Review = { request: { object: unknown } }

/** Gives what makes a mutated review of each seed; the same one for the same seed. */
export function prepareMutatedReviews(): (seed: number) => MutatedReview {
  const { recorded, golden, patched } = readSeedReviews()
  const small = recorded.filter(({ review }) => JSON.stringify(review).length < 30_000)
  const large = recorded.filter((one) => !small.includes(one))
  const pods = [...small, ...golden].map(({ review }) => (review as Review).request.object)
  // A large Pod costs as much time as fifty others, and has little in it that these have not.
  const shares: [number, readonly SeedReview[]][] = [
    [250, golden],
    [80, patched],
    [90, small],
    [1, large],
  ]
  const groups = shares.flatMap(([share, group]) => Array<readonly SeedReview[]>(share).fill(group))
  return (seed) => {
    const random = randomOf(seed)
    const { review, ...known } = random.oneOf(random.oneOf(groups))
    return { ...known, body: mutatedBody(review, pods, random) }
  }
}

function mutatedBody(original: object, pods: readonly unknown[], random: Random): Buffer {
  const kind = random.part()
  if (kind < 0.05) return Buffer.from(Array.from({ length: random.below(400) }, () => random.below(256)))
  let review = structuredClone(original) as unknown
  // Most of all the Pod: that is where the code is, and where what comes is written by tenants.
  if (kind < 0.8) {
    const { request } = review as Review
    for (let count = random.below(6); count > 0; count -= 1) request.object = mutateTree(request.object, pods, random)
  }
  if (kind > 0.7) review = mutateTree(review, pods, random)
  const body = Buffer.from(textOf(review) ?? textOf(original) ?? 'null')
  return kind < 0.65 ? body : mutateText(body, random)
}

/** Takes a value, gives its JSON; undefined: it is none that JSON has, or deeper than JSON.stringify goes. */
export function textOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
