/**
 * An answer that is given again is the one that would be found anew, for every Pod of a template, and for no other body: what is not
 * JSON is refused though all around it is known. FUZZ_RUNS sets how many templates are tried (`npm run fuzz`: 200,000).
 */
import { expect, test } from 'vitest'
import type { AnsweredReview } from '../../src/admission/answered-review.ts'
import { createReviewAnswerer, type ReviewAnswerer } from '../../src/http/answer-review.ts'
import { RequestError } from '../../src/http/error-answers.ts'
import { mutateTree } from '../fuzz/mutate-tree.ts'
import { type Random, randomOf } from '../fuzz/random.ts'
import { readSeedReviews, type SeedReview } from '../fuzz/seed-reviews.ts'
import { escaped, siblingOf, spoiled, templateOf, withNamesThatMeet } from './sibling-reviews.ts'

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 4000)
const SEED = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

const { recorded, golden, patched } = readSeedReviews()
const seeds = [...recorded.filter(({ name }) => name !== 'large.json'), ...golden, ...patched]
const podOf = ({ review }: SeedReview) => (review as { request: { object: unknown } }).request.object
const pods = golden.map(podOf)

interface Outcome {
  /** The answer, or the status of a refusal. */
  readonly answer: string | number
  readonly told: Omit<AnsweredReview, 'isRepeated'> | undefined
  readonly isRepeated: boolean
}

/** One that remembers, as it is shipped; what is known beside the Pods is the seed's of the moment. */
function startAnswerer() {
  let told: AnsweredReview | undefined
  let known: SeedReview | undefined
  const ports = {
    readNamespace: () => known?.namespace,
    settings: () => (known as SeedReview).settings,
    report: (answered: AnsweredReview) => {
      told = answered
    },
  }
  const answerer = createReviewAnswerer(ports)
  return async (body: Buffer, seed: SeedReview): Promise<Outcome> => {
    told = undefined
    known = seed
    const answer = await outcomeOf(answerer, body)
    const { isRepeated = false, ...rest } = told ?? ({} as Partial<AnsweredReview>)
    return { answer, told: told === undefined ? undefined : (rest as Outcome['told']), isRepeated }
  }
}

async function outcomeOf(answerer: ReviewAnswerer, body: Buffer): Promise<string | number> {
  try {
    return await answerer(body)
  } catch (error) {
    if (error instanceof RequestError) return error.status
    throw error
  }
}

const anew = (body: Buffer, seed: SeedReview) => startAnswerer()(body, seed)

function templateFor(random: Random): { seed: SeedReview; template: string } {
  const seed = random.oneOf(seeds)
  let pod = structuredClone(podOf(seed))
  for (let count = random.below(4); count > 0; count -= 1) pod = mutateTree(pod, pods, random)
  if (random.part() < 0.1) pod = withNamesThatMeet(pod)
  const template = templateOf(seed.review, pod)
  return { seed, template: random.part() < 0.1 ? escaped(template, random) : template }
}

test(`${RUNS} templates (FUZZ_SEED=${SEED})`, { timeout: 60_000 + RUNS * 20 }, async () => {
  const counts = { repeated: 0, spoiled: 0, spoiledAndRepeated: 0, refused: 0 }
  for (let run = 0; run < RUNS; run += 1) {
    const random = randomOf(SEED + run)
    const { seed, template } = templateFor(random)
    const remembering = startAnswerer()
    const ask = async (body: Buffer) => {
      const { isRepeated, ...outcome } = await remembering(Buffer.from(body), seed)
      const { isRepeated: _, ...wanted } = await anew(Buffer.from(body), seed)
      expect(outcome, `FUZZ_SEED=${SEED + run} (${seed.name})\n${body.toString('base64')}`).toEqual(wanted)
      return { ...outcome, isRepeated }
    }
    for (let sibling = 0; sibling < 3; sibling += 1) {
      const { isRepeated } = await ask(Buffer.from(siblingOf(template, random)))
      if (isRepeated) counts.repeated += 1
      // The first is that of an owner with one Pod, the second is remembered.
      expect(isRepeated && sibling < 2).toBe(false)
    }
    const { isRepeated, answer } = await ask(spoiled(siblingOf(template, random), random))
    counts.spoiled += 1
    if (isRepeated) counts.spoiledAndRepeated += 1
    if (answer === 400) counts.refused += 1
  }
  if (RUNS < 1000) return
  process.stderr.write(`templates: ${JSON.stringify(counts)}\n`)
  expect(counts.repeated).toBeGreaterThan(RUNS / 2)
  expect(counts.refused).toBeGreaterThan(RUNS / 4)
  expect(counts.spoiledAndRepeated).toBeGreaterThan(RUNS / 200)
})
