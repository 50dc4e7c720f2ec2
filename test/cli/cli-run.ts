import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'
import { runProgram } from '../../src/cli/run-program.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

const folders: string[] = []
const children = new Set<ChildProcess>()
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))
})

/** A new folder, removed when the test file ends. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'linkerd-tracing-'))
  folders.push(folder)
  return folder
}

export interface CliRun {
  readonly signals: EventEmitter
  readonly stdout: () => string
  readonly stderr: () => string
  /** Resolves with the code that the program ended itself with. */
  readonly exited: Promise<number>
  /** Resolves when the command has returned (a server then still runs), with the code set for the end. */
  readonly returned: Promise<number>
}

/** Runs a command in this process, with streams, signals and an environment of its own. */
export function runInProcess(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
  terminal: { readonly columns?: number; readonly isTTY?: boolean; readonly typed?: string } = {},
): CliRun {
  const collect = () => {
    const stream = new PassThrough()
    let text = ''
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    return { stream, text: () => text }
  }
  const [stdout, stderr] = [collect(), collect()]
  const signals = new EventEmitter()
  const { promise: exited, resolve: exit } = Promise.withResolvers<number>()
  let code = 0
  const returned = runProgram(words, {
    stdout: Object.assign(stdout.stream, terminal),
    // Whoever types is asked on stderr.
    stderr: terminal.typed === undefined ? stderr.stream : Object.assign(stderr.stream, { isTTY: true }),
    stdin: Object.assign(Readable.from([terminal.typed ?? '']), { isTTY: terminal.typed !== undefined }),
    env,
    signals,
    nodeVersion: 'v26.0.0',
    setExitCode: (set) => {
      code = set
    },
    exit,
  }).then(async () => {
    // What was written to a stream comes out of it a turn later.
    await new Promise((resolve) => setImmediate(resolve))
    return code
  })
  return { signals, stdout: stdout.text, stderr: stderr.text, exited, returned }
}

export interface SpawnedServer {
  readonly child: ChildProcess
  readonly port: number
  readonly adminPort: number
  readonly certDir: string
  readonly stdout: () => string
  readonly stderr: () => string
  readonly exited: Promise<number | null>
}

/** Starts `serve` as a process of its own, on free ports, and resolves once it says that it serves. */
export async function spawnServe(words: readonly string[], nodeFlags: readonly string[] = []): Promise<SpawnedServer> {
  const certDir = join(await newFolder(), 'certs')
  const all = [...nodeFlags, MAIN, 'serve', '--port', '0', '--admin-port', '0', '--cert-dir', certDir, ...words]
  const child = spawn(process.execPath, all, { env: { PATH: process.env['PATH'] ?? '' } })
  children.add(child)
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve))
  const serving = new Promise<{ port: number; adminPort: number }>((resolve, reject) => {
    child.stdout.on('data', () => {
      const line = stdout.split('\n').find((text) => text.includes('"msg":"serving"'))
      if (line !== undefined) resolve(JSON.parse(line) as { port: number; adminPort: number })
    })
    child.on('exit', () => reject(new Error(`serve ended: ${stderr}`)))
  })
  const { port, adminPort } = await serving
  return { child, port, adminPort, certDir, stdout: () => stdout, stderr: () => stderr, exited }
}
