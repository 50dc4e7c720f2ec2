import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, expect } from 'vitest'
import { type AgentClient, connectAgent } from '../bridge/io/agent-client.ts'
import { countsOf } from '../bridge/io/running-bridge.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

const children: ChildProcess[] = []
const clients: AgentClient[] = []
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  for (const client of clients) client.close()
})

/** Starts `bridge` as a process of its own, on free ports, and resolves once it says that it bridges. */
export async function spawnBridge(collectorAddress: string, words: readonly string[] = []) {
  const ports = ['--port', '0', '--admin-port', '0', '--host', '127.0.0.1']
  const all = [MAIN, 'bridge', ...ports, '--collector-address', collectorAddress, ...words]
  // A proxy of the environment must never be given the spans: nothing listens there.
  const env = { PATH: process.env['PATH'] ?? '', http_proxy: 'http://127.0.0.1:9', grpc_proxy: 'http://127.0.0.1:9' }
  const child = spawn(process.execPath, all, { env })
  children.push(child)
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve))
  await expect.poll(() => stdout + stderr, { timeout: 10_000 }).toContain('"msg":"bridging"')
  const lines = () =>
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  const { port, adminPort } = lines()[0] as { port: number; adminPort: number }
  /** A GET of the admin server. */
  const get = (path: string) => fetch(`http://127.0.0.1:${adminPort}${path}`)
  const counts = async () => countsOf(await (await get('/metrics')).text())
  const client = connectAgent(port)
  clients.push(client)
  return { child, client, port, exited, lines, stderr: () => stderr, get, counts, stream: client.open() }
}
