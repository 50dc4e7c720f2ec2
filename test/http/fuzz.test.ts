import { readFile } from 'node:fs/promises'
import { Agent, request } from 'node:https'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { randomOf } from '../fuzz/random.ts'
import { ISSUED, reviewText, serverWith } from './tls-client.ts'

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 10_000)
const SEED = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const AT_ONCE = 16

const server = await serverWith()
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE, ca: ISSUED.caPem })

const { part: random, below, oneOf } = randomOf(SEED)

const ODD = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  'x',
  '$(X)',
  '\u0000',
  '\ud800',
  [],
  {},
  [null],
  { a: { b: [] } },
  'y'.repeat(5000),
]
const TOKENS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  'null',
  '1e999',
  '\\u0000',
  '"__proto__":',
  '"request":',
  '\ufeff',
  ' ',
]

/** Replaces, removes, doubles or adds something at one place of a JSON tree. */
function mutateTree(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || random() < 0.03) return oneOf(ODD)
  if (Array.isArray(value)) return mutateList(value)
  const entries = Object.entries(value)
  if (entries.length === 0 || random() < 0.05)
    return { ...value, [oneOf(['__proto__', 'env', 'uid', 'x'])]: oneOf(ODD) }
  const index = below(entries.length)
  const [key, child] = entries[index] as [string, unknown]
  if (random() < 0.06) entries.splice(index, 1)
  else entries[index] = [key, mutateTree(child)]
  return Object.fromEntries(entries)
}

function mutateList(list: readonly unknown[]): unknown {
  if (list.length === 0) return [oneOf(ODD)]
  const index = below(list.length)
  if (random() < 0.1) return [...list, list[index]]
  return list.map((item, at) => (at === index ? mutateTree(item) : item))
}

function mutateBytes(bytes: Buffer): Buffer {
  const mutated = Buffer.from(bytes)
  for (let count = 1 + below(6); count > 0; count -= 1) mutated[below(mutated.length)] = below(256)
  return random() < 0.3 ? mutated.subarray(0, below(mutated.length)) : mutated
}

const randomBytes = () => Buffer.from(Array.from({ length: below(400) }, () => below(256)))
const randomTokens = () => Buffer.from(Array.from({ length: below(60) }, () => oneOf(TOKENS)).join(''))

const sample = await readFile(new URL('../../samples/review.json', import.meta.url))
const originals = [sample, Buffer.from(reviewText())]

function randomBody(): Buffer {
  const kind = random()
  if (kind < 0.1) return randomBytes()
  if (kind < 0.2) return randomTokens()
  const original = oneOf(originals)
  if (kind < 0.4) return mutateBytes(original)
  if (kind < 0.5) return Buffer.from(JSON.stringify(mutateTree(JSON.parse(original.toString()))) ?? 'null')
  // Most of all the Pod: that is where the code is, and where what comes is written by tenants.
  const review = JSON.parse(original.toString()) as { request: { object: unknown } }
  for (let count = 1 + below(5); count > 0; count -= 1) review.request.object = mutateTree(review.request.object)
  return Buffer.from(JSON.stringify(review))
}

function post(body: Buffer): Promise<{ status: number; answer: string }> {
  return new Promise((resolve, reject) => {
    const options = {
      method: 'POST',
      agent,
      headers: { 'content-type': 'application/json', 'content-length': body.length },
      // A hang is a failure, whatever the server's own limits are.
      signal: AbortSignal.timeout(15_000),
    }
    const outgoing = request(`https://127.0.0.1:${server.port}/mutate`, options, (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode ?? 0, answer }), reject)
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

async function expectGoodAnswer(body: Buffer): Promise<number> {
  const { status, answer } = await post(body)
  const shown = `seed ${SEED}: ${body.toString('base64').slice(0, 20_000)}`
  expect([200, 400], `${status} for ${shown}`).toContain(status)
  const parsed = JSON.parse(answer) as { error?: unknown; response?: { allowed?: unknown; uid?: unknown } }
  if (status === 400) expect(typeof parsed.error, shown).toBe('string')
  else {
    const uid = (JSON.parse(body.toString()) as { request: { uid: string } }).request.uid
    expect(parsed.response, shown).toMatchObject({ allowed: true, uid })
  }
  return status
}

test(`${RUNS} random or mutated bodies: never a 5xx, a hang or a crash (FUZZ_SEED=${SEED})`, {
  timeout: 60_000 + RUNS * 20,
}, async () => {
  const counts: Record<number, number> = {}
  let left = RUNS
  const worker = async () => {
    while (left > 0) {
      left -= 1
      const status = await expectGoodAnswer(randomBody())
      counts[status] = (counts[status] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  agent.destroy()
  // Both kinds must have come, else the test fuzzes nothing.
  expect(counts[200]).toBeGreaterThan(RUNS / 10)
  expect(counts[400]).toBeGreaterThan(RUNS / 10)
  expect(server.logged.filter((line) => line['outcome'] === 'traced').length).toBeGreaterThan(RUNS / 20)
  expect(
    server.logged.filter((line) => line['reason'] === 'internal-error'),
    `seed ${SEED}`,
  ).toEqual([])
})
