import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findFreePorts } from '../../test/cluster/control-plane/free-ports.ts'
import { startServer } from '../../test/cluster/control-plane/server-process.ts'
import { waitUntil } from '../../test/cluster/control-plane/wait-until.ts'
import { startWatchdog } from '../../test/cluster/control-plane/watchdog.ts'
import type { Payload } from '../webhook/measure-servers.ts'
import { onCore } from '../webhook/servers.ts'
import { readMemory } from './read-memory.ts'

const run = promisify(execFile)
const ROOT = join(import.meta.dirname, '../..')
/** `gc` on a signal: what is over would come and go by tens of megabytes, and hide what stays. */
const COLLECT_ON_SIGNAL = 'data:text/javascript,process.on("SIGUSR2",()=>gc())'

/** What the server has after so many requests, once everything that is over has been collected. */
export interface MemorySample {
  readonly requests: number
  /** Within V8's heap and, as Buffers, outside of it. */
  readonly heldBytes: number
  readonly residentBytes: number
}

export interface MeasuredMemory {
  readonly idleBytes: number
  readonly samples: readonly MemorySample[]
  /** The most that it had in RAM while requests came. */
  readonly peakMiB: number
}

export interface MemoryPlan {
  /** The load generator. */
  readonly load: string
  readonly folder: string
  readonly payload: Payload
  readonly requests: number
  readonly samples: number
  readonly clients: number
  readonly nodeFlags: readonly string[]
  readonly say: (text: string) => void
}

/** Starts the shipped server, has it answer that many reviews, and looks at its memory between them. Linux only. */
export async function measureMemory(plan: MemoryPlan): Promise<MeasuredMemory> {
  const watchdog = startWatchdog(plan.folder)
  const [port = 0, adminPort = 0] = await findFreePorts(2)
  const certDir = join(plan.folder, 'tls')
  const words = ['serve', '--port', `${port}`, '--admin-port', `${adminPort}`, '--cert-dir', certDir]
  const program = [...plan.nodeFlags, '--expose-gc', '--import', COLLECT_ON_SIGNAL, join(ROOT, 'dist/main.js')]
  const [command = '', ...args] = [...onCore(1), process.execPath, ...program, ...words]
  const server = startServer({ name: 'serve', command, args, logFile: join(plan.folder, 'serve.log'), watchdog })
  const admin = `http://127.0.0.1:${adminPort}`
  try {
    await waitUntil({ what: 'serve', limitMs: 20_000, context: server.logTail }, async () => {
      return (await fetch(`${admin}/ready`)).ok
    })
    const idle = await readMemory(server.pid, admin)
    const target = { url: `https://127.0.0.1:${port}/mutate`, caFile: join(certDir, 'ca.crt'), pid: server.pid }
    const samples: MemorySample[] = []
    let [done, peakMiB] = [0, 0]
    while (done < plan.requests) {
      const found = await post(plan, target)
      done += found.requests
      peakMiB = Math.max(peakMiB, found.peakMiB)
      samples.push({ requests: done, ...(await readMemory(server.pid, admin)) })
      if (samples.length % 5 === 0) plan.say(`${done.toLocaleString('en')} requests, at most ${peakMiB.toFixed(0)} MiB`)
    }
    return { idleBytes: idle.residentBytes, samples, peakMiB }
  } finally {
    await server.end('SIGKILL')
    await watchdog.end()
  }
}

interface Target {
  readonly url: string
  readonly caFile: string
  readonly pid: number
}

async function post(plan: MemoryPlan, { url, caFile, pid }: Target): Promise<{ requests: number; peakMiB: number }> {
  const file = join(ROOT, `test/fixtures/payloads/${plan.payload}.json`)
  const flags = [
    ...['-url', url, '-ca', caFile, '-pid', `${pid}`, '-payload', file, '-clients', `${plan.clients}`],
    ...['-requests', `${Math.ceil(plan.requests / plan.samples)}`, '-for', '1h', '-warm', '0s'],
  ]
  const [command = '', ...args] = [...onCore(0), plan.load, ...flags]
  const found = JSON.parse((await run(command, args)).stdout)
  if (found.errors > 0) throw new Error(`${found.errors} requests had no good answer: ${found.firstError}`)
  return found
}
