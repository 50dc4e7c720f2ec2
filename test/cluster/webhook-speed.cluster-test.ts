import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { measureServers, PAYLOADS, type Payload, type Sample } from '../../bench/webhook/measure-servers.ts'
import { findBenchPrograms } from '../../bench/webhook/programs.ts'
import { CPU_GOAL, GOAL_CLIENTS } from '../../bench/webhook/report.ts'
import { type ServerName, startServers } from '../../bench/webhook/servers.ts'

// CPU a request, against the least that an HTTPS server in Node can do. Loose, so that only a slip is seen: twice the goal for the
// Pods of a rollout; for the first Pod of a workload, of which no goal speaks, some more than docs/benchmarks.md has.
const LIMITS: Readonly<Record<Compared, Readonly<Record<Payload, number>>>> = {
  'linkerd-tracing': { small: 2 * CPU_GOAL, real: 2 * CPU_GOAL, large: 2 * CPU_GOAL, unmeshed: 2 * CPU_GOAL },
  'new workloads': { small: 4.5, real: 3.5, large: 2.5, unmeshed: 3 },
}

// What else runs on the machine, or beside it on its host, makes single rounds several times dearer, for both: there are rounds
// until the best of each has come close enough to what it is alone. A webhook that is slower than that never gets there.
const COMPARED = ['linkerd-tracing', 'new workloads'] as const
type Compared = (typeof COMPARED)[number]

const FEWEST_ROUNDS = 5
const MOST_ROUNDS = 30

const folder = mkdtempSync(join(tmpdir(), 'linkerd-tracing-speed-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let samples: readonly Sample[] = []
beforeAll(async () => {
  const { load, emptyServer } = await findBenchPrograms(() => {})
  const servers = await startServers({ folder, emptyServer })
  try {
    const compared = servers.all.filter(({ name }) => name === 'floor' || COMPARED.some((one) => one === name))
    const size = { rounds: MOST_ROUNDS, milliseconds: 300, clients: [GOAL_CLIENTS], payloads: PAYLOADS }
    const fewest = FEWEST_ROUNDS * PAYLOADS.length * compared.length
    const isEnough = (found: readonly Sample[]) => found.length >= fewest && CASES.every((one) => isWithin(one, found))
    samples = await measureServers({ ...size, servers: { ...servers, all: compared }, load, isEnough, say: () => {} })
  } finally {
    await servers.end()
  }
}, 240_000)

interface Case {
  readonly server: Compared
  readonly payload: Payload
}
const CASES: readonly Case[] = COMPARED.flatMap((server) => PAYLOADS.map((payload) => ({ server, payload })))

function isWithin(one: Case, found: readonly Sample[]): boolean {
  return ratioOf(one, found) < LIMITS[one.server][one.payload]
}

function ratioOf({ server, payload }: Case, found: readonly Sample[]): number {
  return bestOf(server, payload, found) / bestOf('floor', payload, found)
}

function bestOf(server: ServerName, payload: Payload, found: readonly Sample[]): number {
  return Math.min(...found.filter((one) => one.server === server && one.payload === payload).map(({ cpuMs }) => cpuMs))
}

test.each(CASES)('$server: a review of the $payload Pod takes no more of the CPU than it should', (one) => {
  const ratio = ratioOf(one, samples)
  console.info(`${one.server}, ${one.payload}: ${ratio.toFixed(2)} × the floor`)
  expect(ratio).toBeGreaterThan(0)
  expect(isWithin(one, samples)).toBe(true)
})
