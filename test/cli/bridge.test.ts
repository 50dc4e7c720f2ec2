import { createServer } from 'node:net'
import { afterAll, describe, expect, test } from 'vitest'
import { type AgentClient, connectAgent, exportMessage, newSpanIds } from '../bridge/io/agent-client.ts'
import { type OtlpReceiver, type Reply, startReceiver } from '../bridge/io/otlp-receiver.ts'
import { readSources } from '../source-files.ts'
import { runInProcess } from './cli-run.ts'
import { spawnBridge } from './spawned-bridge.ts'

const clients: AgentClient[] = []
const receivers: OtlpReceiver[] = []
afterAll(() => {
  for (const client of clients) client.close()
  for (const receiver of receivers) receiver.stop()
})

async function receive(reply?: (request: number) => Reply) {
  const receiver = await startReceiver(reply)
  receivers.push(receiver)
  return receiver
}

describe('a process', () => {
  test('spans go through, past any proxy of the environment; stdout is JSON lines only', async () => {
    const receiver = await receive()
    const bridge = await spawnBridge(receiver.address)
    const ids = newSpanIds(5)
    await bridge.stream.send(exportMessage(ids))
    await expect.poll(() => receiver.spanIds).toEqual(ids)
    expect(await (await bridge.get('/live')).json()).toEqual({ live: true })
    expect(await (await bridge.get('/ready')).json()).toEqual({
      ready: true,
      conditions: { listening: true, shuttingDown: false },
    })
    expect(bridge.lines()[0]).toMatchObject({ collectorAddress: receiver.address, node: process.version })
    expect(bridge.stderr()).toBe('')
    bridge.child.kill('SIGINT')
    expect(await bridge.exited).toBe(0)
  })

  test('it is ready though the collector is away: unready it would take the collector’s Pod out of its Service', async () => {
    const receiver = await receive()
    receiver.stop()
    const bridge = await spawnBridge(receiver.address)
    await bridge.stream.send(exportMessage(newSpanIds(5)))
    await expect.poll(async () => (await bridge.counts()).queued).toBe(5)
    expect((await bridge.get('/ready')).status).toBe(200)
    bridge.child.kill('SIGKILL')
  })

  test('SIGTERM: unready, no new client, and what is queued is sent before the end', async () => {
    const receiver = await receive(() => ({ take: new Uint8Array(), afterMs: 700 }))
    const bridge = await spawnBridge(receiver.address)
    const ids = newSpanIds(3000)
    for (let from = 0; from < 3000; from += 300) await bridge.stream.send(exportMessage(ids.slice(from, from + 300)))
    await expect.poll(async () => (await bridge.counts()).received).toBe(3000)
    bridge.child.kill('SIGTERM')
    await expect.poll(async () => (await bridge.get('/ready')).status).toBe(503)
    const late = connectAgent(bridge.port)
    clients.push(late)
    expect((await late.open().ended).details).toContain('ECONNREFUSED')
    expect(await bridge.exited).toBe(0)
    expect(receiver.spanIds.toSorted()).toEqual(ids.toSorted())
    expect(bridge.lines().map(({ msg }) => msg)).toEqual(['bridging', 'shutting down', 'closed'])
  })

  test('SIGTERM with the collector away: it ends in time, and says how many spans were left', async () => {
    const receiver = await receive()
    receiver.stop()
    const bridge = await spawnBridge(receiver.address, ['--flush-seconds', '1'])
    await bridge.stream.send(exportMessage(newSpanIds(7)))
    await expect.poll(async () => (await bridge.counts()).queued).toBe(7)
    const start = performance.now()
    bridge.child.kill('SIGTERM')
    expect(await bridge.exited).toBe(0)
    expect(performance.now() - start).toBeGreaterThan(900)
    expect(performance.now() - start).toBeLessThan(4000)
    expect(bridge.lines()).toContainEqual(expect.objectContaining({ level: 'error', spans: 7 }))
  })

  test('a second signal aborts with 1', async () => {
    const receiver = await receive(() => ({ never: true }))
    const bridge = await spawnBridge(receiver.address)
    await bridge.stream.send(exportMessage(newSpanIds(7)))
    await expect.poll(() => receiver.requests).toEqual([7])
    bridge.child.kill('SIGTERM')
    await expect.poll(async () => (await bridge.get('/ready')).status).toBe(503)
    bridge.child.kill('SIGTERM')
    expect(await bridge.exited).toBe(1)
  })
})

test('no other command loads gRPC: serve starts as fast as before', () => {
  const byPath = new Map(readSources().map((source) => [source.path, source]))
  const packagesOf = (path: string, seen = new Set<string>()): string[] => {
    if (seen.has(path)) return []
    seen.add(path)
    const { imports = [], packages = [] } = byPath.get(path) ?? {}
    return [...packages, ...imports.flatMap((imported) => packagesOf(imported, seen))]
  }
  expect(packagesOf('src/cli/run-bridge.ts')).toContain('@grpc/grpc-js')
  for (const command of ['src/cli/run-serve.ts', 'src/cli/run-try.ts', 'src/cli/inject/run-inject.ts']) {
    expect(packagesOf(command)).toContain('yaml')
    expect(packagesOf(command)).not.toContain('@grpc/grpc-js')
  }
})

describe('in this process', () => {
  test('all mistakes of settings at once, exit code 1', async () => {
    const run = runInProcess(['bridge', '--queue-bytes', '5', '--max-streams', 'x'], {
      LINKERD_TRACING_COLLECTOR_ADDRESS: 'http://otel:4317',
    })
    expect(await run.returned).toBe(1)
    expect(run.stderr()).toMatch(
      /^error: 3 settings are wrong:\n {2}LINKERD_TRACING_COLLECTOR_ADDRESS .*\n {2}--queue-bytes .*\n {2}--max-streams .*\n$/,
    )
  })

  test.each(['--port', '--admin-port'])(
    '%s in use: one sentence, exit code 1, and nothing stays open',
    async (flag) => {
      const taken = createServer()
      await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
      const { port } = taken.address() as { port: number }
      const run = runInProcess([
        'bridge',
        '--host',
        '127.0.0.1',
        '--port',
        '0',
        '--admin-port',
        '0',
        flag,
        String(port),
      ])
      expect(await run.returned).toBe(1)
      expect(run.stderr()).toBe(
        `error: port ${port} of 127.0.0.1 is in use: choose another with ${flag}, or stop what uses it\n`,
      )
      taken.close()
    },
  )

  test('by default it listens on all addresses; a variable that is no setting is warned of', async () => {
    const run = runInProcess(['bridge', '--port', '0', '--admin-port', '0'], { LINKERD_TRACING_QUEUE_BYTE: '1' })
    expect(await run.returned).toBe(0)
    expect(run.stderr()).toMatch(/^warning: LINKERD_TRACING_QUEUE_BYTE is no setting .* LINKERD_TRACING_QUEUE_BYTES\n$/)
    const { port, host } = JSON.parse(run.stdout().split('\n')[0] ?? '') as { port: number; host: string }
    expect(host).toBe('::')
    const client = connectAgent(port)
    clients.push(client)
    await client.open().headers
    run.signals.emit('SIGTERM')
    expect(await run.exited).toBe(0)
  })
})
