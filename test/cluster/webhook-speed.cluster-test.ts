import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { measureServers, PAYLOADS, type Payload, type Sample } from '../../bench/webhook/measure-servers.ts'
import { findBenchPrograms } from '../../bench/webhook/programs.ts'
import { GOAL_CLIENTS } from '../../bench/webhook/report.ts'
import { type ServerName, startServers } from '../../bench/webhook/servers.ts'

// CPU a request, against the least that an HTTPS server in Node can do. Loose, so that only a slip is seen: twice the goal (1.15)
// where that is reached, else some more than docs/benchmarks.md has.
const LIMITS: Readonly<Record<Payload, number>> = { small: 4, real: 3.2, large: 2.3, unmeshed: 2.8 }

// What else runs on the machine, or beside it on its host, makes single rounds several times dearer, for both: there are rounds
// until the best of each has come close enough to what it is alone. A webhook that is slower than that never gets there.
const FEWEST_ROUNDS = 5
const MOST_ROUNDS = 30

const folder = mkdtempSync(join(tmpdir(), 'linkerd-tracing-speed-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let samples: readonly Sample[] = []
beforeAll(async () => {
  const { load, emptyServer } = await findBenchPrograms(() => {})
  const servers = await startServers({ folder, emptyServer })
  try {
    const compared = servers.all.filter(({ name }) => name === 'floor' || name === 'linkerd-tracing')
    const size = { rounds: MOST_ROUNDS, milliseconds: 300, clients: [GOAL_CLIENTS], payloads: PAYLOADS }
    const fewest = FEWEST_ROUNDS * PAYLOADS.length * compared.length
    const isEnough = (found: readonly Sample[]) =>
      found.length >= fewest && PAYLOADS.every((one) => ratioOf(one, found) < LIMITS[one])
    samples = await measureServers({ ...size, servers: { ...servers, all: compared }, load, isEnough, say: () => {} })
  } finally {
    await servers.end()
  }
}, 240_000)

function ratioOf(payload: Payload, found: readonly Sample[]): number {
  return bestOf('linkerd-tracing', payload, found) / bestOf('floor', payload, found)
}

function bestOf(server: ServerName, payload: Payload, found: readonly Sample[]): number {
  return Math.min(...found.filter((one) => one.server === server && one.payload === payload).map(({ cpuMs }) => cpuMs))
}

test.each(PAYLOADS)('a review of the %s Pod takes no more of the CPU than it should', (payload) => {
  const ratio = ratioOf(payload, samples)
  console.info(`${payload}: ${ratio.toFixed(2)} × the floor`)
  expect(ratio).toBeGreaterThan(0)
  expect(ratio).toBeLessThan(LIMITS[payload])
})
