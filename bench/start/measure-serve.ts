import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { findFreePorts } from '../../test/cluster/control-plane/free-ports.ts'

/** What one start of `serve` took. */
export interface ServeStart {
  /** From its start until `/ready` said yes. */
  readonly readyMs: number
  /** All of its memory in RAM, once it has nothing to do. */
  readonly residentMiB: number
  /** The same, in which pages that other processes have too (Node’s own text) count by their share. */
  readonly shareMiB: number
  /** The same, without pages of files. */
  readonly ownMiB: number
}

/** Behind the start come its last tasks (a cache that is written, garbage); what it holds then is what it keeps. */
export const IDLE_MS = 1_500
const LIMIT_MS = 20_000

/** Takes the program's file and the words before `serve`, and a folder with a certificate, starts and ends it. Linux only. */
export async function measureServe(
  [file, ...words]: readonly [string, ...string[]],
  certDir: string,
): Promise<ServeStart> {
  const [port, adminPort] = await findFreePorts(2)
  const places = ['--port', `${port}`, '--admin-port', `${adminPort}`, '--cert-dir', certDir, '--drain-seconds', '0']
  const startedAt = performance.now()
  const server = spawn(file, [...words, 'serve', ...places], { stdio: 'ignore' })
  try {
    await untilReady(server, `http://127.0.0.1:${adminPort}/ready`)
    const readyMs = performance.now() - startedAt
    await sleep(IDLE_MS)
    return { readyMs, ...memoryOf(server.pid ?? 0) }
  } finally {
    // In order, so that what is written at the end (the cache of compiled code) is.
    const ended = new Promise((resolve) => server.once('exit', resolve))
    if (server.kill('SIGINT')) await ended
  }
}

async function untilReady(server: ChildProcess, url: string): Promise<void> {
  const end = performance.now() + LIMIT_MS
  while (!(await isReady(url))) {
    if (server.exitCode !== null || performance.now() > end) throw new Error('serve has not become ready.')
    await sleep(1)
  }
}

function isReady(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    get(url, { agent: false }, (answer) => resolve(answer.resume().statusCode === 200)).once('error', () =>
      resolve(false),
    )
  })
}

function memoryOf(pid: number): Omit<ServeStart, 'readyMs'> {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const read = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]) / 1024
  return { residentMiB: read('Rss'), shareMiB: read('Pss'), ownMiB: read('Anonymous') }
}
