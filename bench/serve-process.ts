import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { get } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findFreePorts } from '../test/cluster/control-plane/free-ports.ts'

/** A file to run, and the words before `serve`. */
export type Program = readonly [string, ...string[]]

/** What a process has in RAM, in MiB. */
export interface Memory {
  readonly resident: number
  /** The same, in which pages that other processes have too (Node’s own text) count by their share. */
  readonly share: number
  /** The same, without pages of files. */
  readonly own: number
  /** The most so far. */
  readonly peak: number
}

export interface RunningServe {
  readonly pid: number
  /** From its start until `/ready` said yes. */
  readonly readyMs: number
  readonly url: string
  readonly adminUrl: string
  readonly caFile: string
  memory(): Memory
  /** In order, so that what is written at the end (the cache of compiled code) is. */
  end(): Promise<void>
}

export interface ServeOptions {
  /** Where its certificate is, or is made. */
  readonly certDir: string
  /** Further flags of `serve`. */
  readonly words?: readonly string[]
  readonly limitMs?: number
}

/** Starts `serve` on free ports and resolves when it is ready. Linux only. */
export async function startServe(
  program: Program,
  { certDir, words = [], limitMs = 20_000 }: ServeOptions,
): Promise<RunningServe> {
  const [file, ...before] = program
  const [port, adminPort] = await findFreePorts(2)
  const places = ['--port', `${port}`, '--admin-port', `${adminPort}`, '--cert-dir', certDir, '--drain-seconds', '0']
  const startedAt = performance.now()
  const child = spawn(file, [...before, 'serve', ...places, ...words], { stdio: 'ignore' })
  const adminUrl = `http://127.0.0.1:${adminPort}`
  const end = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    if (child.exitCode === null && child.kill('SIGINT')) await ended
  }
  try {
    await untilReady(child, { url: `${adminUrl}/ready`, limitMs })
  } catch (error) {
    await end()
    throw error
  }
  const pid = child.pid ?? 0
  const readyMs = performance.now() - startedAt
  const url = `https://127.0.0.1:${port}/mutate`
  return { pid, readyMs, url, adminUrl, caFile: join(certDir, 'ca.crt'), memory: () => memoryOf(pid), end }
}

async function untilReady(child: ChildProcess, { url, limitMs }: { url: string; limitMs: number }): Promise<void> {
  const end = performance.now() + limitMs
  while (!(await isReady(url))) {
    if (child.exitCode !== null || performance.now() > end) throw new Error('serve has not become ready.')
    await sleep(1)
  }
}

function isReady(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = get(url, { agent: false }, (answer) => resolve(answer.resume().statusCode === 200))
    asked.once('error', () => resolve(false))
  })
}

function memoryOf(pid: number): Memory {
  const read = (file: string, name: string) => {
    const text = readFileSync(`/proc/${pid}/${file}`, 'utf8')
    return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]) / 1024
  }
  return {
    resident: read('smaps_rollup', 'Rss'),
    share: read('smaps_rollup', 'Pss'),
    own: read('smaps_rollup', 'Anonymous'),
    peak: read('status', 'VmHWM'),
  }
}
