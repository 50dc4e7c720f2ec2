/**
 * What holds of every body that is posted, however odd: FUZZ_REVIEWS of them (`npm run fuzz`: a million) go the whole way,
 * from recorded reviews and golden Pods that were changed. A failure names its seed: FUZZ_SEED with FUZZ_REVIEWS=1 repeats it.
 */
import jsonPatch, { type Operation } from 'fast-json-patch'
import { expect, test } from 'vitest'
import { faultsOf } from '../golden-harness/pod-rules.ts'
import { containersOf } from '../golden-harness/raw-pod.ts'
import { patchIn, responseIn } from '../golden-harness/webhook.ts'
import { type JudgedReview, judgeBody } from './judge-body.ts'
import { type MutatedReview, prepareMutatedReviews, textOf } from './mutated-reviews.ts'
import { openWebhookPath } from './webhook-path.ts'

const RUNS = Number(process.env['FUZZ_REVIEWS'] ?? 20_000)
const SEED = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

const path = await openWebhookPath()
const mutatedReview = prepareMutatedReviews()
const counts = { refused: 0, traced: 0, marked: 0, 'already-traced': 0, skipped: 0 }

/** An answer to a review: always allowed, to the one that asked, and no fault of ours. */
async function reviewed(body: Buffer, { apiVersion, request }: JudgedReview, known: MutatedReview) {
  const { status, text } = await path.answer(body, known)
  const response = responseIn({ status, text, headers: {} })
  const isRight = response.allowed === true && response.uid === request['uid']
  if (!isRight || (JSON.parse(text) as JudgedReview).apiVersion !== apiVersion) throw new Error(`wrong answer: ${text}`)
  if (path.faults.length > 0) throw path.faults[0]
  const warnings = response.warnings ?? []
  const bad = warnings.filter((warning) => Buffer.byteLength(warning) > 256 || /\p{Cc}/u.test(warning))
  if (bad.length > 0) throw new Error(`warning too long, or with control characters: ${JSON.stringify(bad)}`)
  return { outcome: response.auditAnnotations['outcome'] as keyof typeof counts, patch: patchIn(response) }
}

async function checkReview(mutated: MutatedReview, review: JudgedReview): Promise<void> {
  const { outcome, patch } = await reviewed(mutated.body, review, mutated)
  counts[outcome] += 1
  if (patch.length > 0 !== ['traced', 'marked'].includes(outcome))
    throw new Error(`${outcome}, but ${patch.length} ops`)
  if (patch.length === 0) return
  // Another copy of what was sent: nothing of it was seen by the server.
  const before = judgeBody(mutated.body)?.request['object']
  const after = jsonPatch.applyPatch(review.request['object'], patch as Operation[], true).newDocument
  const proxies = containersOf(before).filter(({ name }) => name === 'linkerd-proxy')
  // Two containers of that name make no valid Pod, before or after.
  const faults = outcome === 'traced' && proxies.length === 1 ? faultsOf(before, after) : []
  if (faults.length > 0) throw new Error(`the patched Pod: ${faults.join('; ')}`)
  await checkAgain(mutated, { ...review, request: { ...review.request, object: after } })
}

/** f(f(Pod)) = f(Pod), as the API server asks again when a later webhook has changed the Pod. */
async function checkAgain(mutated: MutatedReview, patched: JudgedReview): Promise<void> {
  const text = textOf({ kind: 'AdmissionReview', ...patched })
  if (text === undefined) return
  const { outcome, patch } = await reviewed(Buffer.from(text), patched, mutated)
  if (patch.length > 0 || !['already-traced', 'skipped'].includes(outcome)) {
    throw new Error(`not idempotent: ${outcome}, ${JSON.stringify(patch)}`)
  }
}

async function checkBody(mutated: MutatedReview): Promise<void> {
  const review = judgeBody(mutated.body)
  if (review !== undefined) return checkReview(mutated, review)
  const { status, text } = await path.answer(mutated.body, mutated)
  if (status !== 400 || typeof (JSON.parse(text) as { error?: unknown }).error !== 'string') {
    throw new Error(`no review, but answered ${status}: ${text}`)
  }
  counts.refused += 1
}

test(`${RUNS} mutated reviews keep the rules (FUZZ_SEED=${SEED})`, { timeout: 60_000 + RUNS * 20 }, async () => {
  for (let run = 0; run < RUNS; run += 1) {
    const mutated = mutatedReview(SEED + run)
    await checkBody(mutated).catch((error: Error) => {
      const shown = mutated.body.toString('base64').slice(0, 20_000)
      throw new Error(`FUZZ_SEED=${SEED + run} (${mutated.name}): ${error.message}\n${shown}`, { cause: error })
    })
  }
  if (RUNS < 1000) return
  // What falls through the first rules proves little.
  process.stderr.write(`fuzz: ${JSON.stringify(counts)}\n`)
  expect(counts.traced).toBeGreaterThan(RUNS / 5)
  expect(counts.refused).toBeGreaterThan(RUNS / 10)
  for (const rare of ['marked', 'already-traced', 'skipped'] as const) expect(counts[rare]).toBeGreaterThan(RUNS / 500)
})
