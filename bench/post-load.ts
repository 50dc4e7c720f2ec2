import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { onCore } from './on-core.ts'
import type { RunningServe } from './serve-process.ts'
import type { Payload } from './webhook/measure-servers.ts'

const run = promisify(execFile)

export interface Load {
  /** The load generator. */
  readonly program: string
  readonly payload: Payload
  readonly clients: number
  readonly requests: number
  /** Whether each Pod is the first of its workload; else all are of one. */
  readonly newWorkloads?: boolean
}

/** What a server did with a load. */
export interface Posted {
  readonly requests: number
  /** Of the server, for all of them. */
  readonly cpuMs: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly peakMiB: number
}

/** Posts that many reviews from the first core. Throws when any had no good answer. */
export async function postLoad(server: RunningServe, load: Load): Promise<Posted> {
  const { program, payload, clients, requests, newWorkloads = false } = load
  const file = join(import.meta.dirname, `../test/fixtures/payloads/${payload}.json`)
  const flags = [
    ...['-url', server.url, '-ca', server.caFile, '-pid', `${server.pid}`, '-payload', file],
    ...['-clients', `${clients}`, '-requests', `${requests}`, '-for', '1h', '-warm', '0s'],
    ...[`-want-patch=${payload !== 'unmeshed'}`, `-other-workloads=${newWorkloads}`],
  ]
  const [command = '', ...args] = [...onCore(0), program, ...flags]
  const found = JSON.parse((await run(command, args)).stdout)
  if (found.errors > 0) throw new Error(`${found.errors} requests had no good answer: ${found.firstError}`)
  return found
}
