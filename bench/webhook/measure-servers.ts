import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { onCore } from '../on-core.ts'
import type { BenchServer, BenchServers, ServerName } from './servers.ts'

const run = promisify(execFile)

export const PAYLOADS = ['small', 'real', 'large', 'unmeshed'] as const
export type Payload = (typeof PAYLOADS)[number]

/** What one server did in one round. */
export interface Sample {
  readonly server: ServerName
  readonly payload: Payload
  readonly clients: number
  /** Of the server, for each request. */
  readonly cpuMs: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly peakMiB: number
}

export interface Plan {
  readonly servers: BenchServers
  readonly load: string
  readonly rounds: number
  readonly clients: readonly number[]
  readonly payloads: readonly Payload[]
  readonly milliseconds: number
  /** Ends it before the last round; asked after each. */
  readonly isEnough?: (samples: readonly Sample[]) => boolean
  readonly say: (text: string) => void
}

/**
 * Measures all servers in turn, round by round, each round beginning with another. The first round does not count: programs on
 * Node are compiled while they run. Throws when any answer was wrong.
 */
export async function measureServers(plan: Plan): Promise<Sample[]> {
  plan.say('a round to warm up')
  await measureRound(plan, 0)
  const samples: Sample[] = []
  for (let round = 0; round < plan.rounds; round++) {
    plan.say(`round ${round + 1} of ${plan.rounds}`)
    samples.push(...(await measureRound(plan, round)))
    if (plan.isEnough?.(samples)) break
  }
  return samples
}

async function measureRound(plan: Plan, round: number): Promise<Sample[]> {
  const samples: Sample[] = []
  for (const payload of plan.payloads) {
    for (const clients of plan.clients) {
      for (const server of rotated(plan.servers.all, round)) {
        samples.push(await measure(plan, { server, payload, clients }))
      }
    }
  }
  return samples
}

function rotated<T>(list: readonly T[], by: number): T[] {
  return list.map((_, index) => list[(index + by) % list.length] as T)
}

interface Case {
  readonly server: BenchServer
  readonly payload: Payload
  readonly clients: number
}

async function measure({ load, servers, milliseconds }: Plan, { server, payload, clients }: Case): Promise<Sample> {
  const file = join(import.meta.dirname, `../../test/fixtures/payloads/${payload}.json`)
  const isNew = server.name === 'new workloads'
  const wantPatch = (server.name === 'linkerd-tracing' || isNew) && payload !== 'unmeshed'
  const flags = [
    ...['-url', server.url, '-ca', servers.caFile, '-payload', file, '-pid', String(server.process.pid)],
    ...['-clients', String(clients), '-for', `${milliseconds}ms`],
    ...[`-want-patch=${wantPatch}`, `-other-workloads=${isNew}`],
  ]
  const [command = '', ...args] = [...onCore(0), load, ...flags]
  const { stdout } = await run(command, args)
  const found = JSON.parse(stdout)
  if (found.errors > 0) throw new Error(`${server.name}, ${payload}: ${found.errors} errors, ${found.firstError}`)
  return {
    ...{ server: server.name, payload, clients },
    cpuMs: found.cpuMs / found.requests,
    perSecond: found.requests / found.seconds,
    p50Ms: found.p50Ms,
    p99Ms: found.p99Ms,
    peakMiB: found.peakMiB,
  }
}
