import { afterAll, expect, test } from 'vitest'
import { connectAgent, exportMessage, newSpanIds } from '../bridge/io/agent-client.ts'
import { type OtlpReceiver, startReceiver } from '../bridge/io/otlp-receiver.ts'
import { spawnBridge } from './spawned-bridge.ts'

const MIB = 1024 * 1024
const receivers: OtlpReceiver[] = []
afterAll(() => {
  for (const receiver of receivers) receiver.stop()
})

type Bridge = Awaited<ReturnType<typeof spawnBridge>>

/** What the process says of itself, in MiB. */
async function memoryOf(bridge: Bridge): Promise<{ resident: number; external: number }> {
  const text = await (await bridge.get('/metrics')).text()
  const read = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]) / MIB
  return { resident: read('process_resident_memory_bytes'), external: read('nodejs_external_memory_bytes') }
}

test('a collector that never answers: 250 MB of spans later the bridge holds its 8 MiB, counted to the span', async () => {
  const receiver = await startReceiver(() => ({ never: true }))
  receivers.push(receiver)
  const bridge = await spawnBridge(receiver.address, ['--queue-bytes', '8Mi', '--flush-seconds', '0'])
  const name = 'x'.repeat(2000)
  const message = exportMessage(newSpanIds(300), { name })
  let sent = 0
  const fill = async (megabytes: number): Promise<void> => {
    const until = sent + Math.ceil((megabytes * 1_000_000) / message.length)
    for (; sent < until; sent += 1) await bridge.stream.send(message)
    await expect.poll(async () => (await bridge.counts()).received, { timeout: 20_000 }).toBe(sent * 300)
  }
  await fill(100)
  const full = await memoryOf(bridge)
  for (let round = 0; round < 3; round += 1) await fill(50)
  const later = await memoryOf(bridge)
  const counts = await bridge.counts()
  expect(counts.queuedBytes).toBeLessThanOrEqual(8 * MIB)
  expect(counts.queuedBytes).toBeGreaterThan(7 * MIB)
  expect(later.resident).toBeLessThan(350)
  expect(counts.dropped['queue-full']).toBe(counts.received - counts.queued)
  expect(counts.unaccounted).toBe(0)
  expect(bridge.stream.isOpen()).toBe(true)
  // 150 MB went by, and nothing of it stayed; buffers that wait for the garbage collector make both go up and down by 50.
  expect(later.external - full.external).toBeLessThan(75)
  expect(later.resident - full.resident).toBeLessThan(75)
  bridge.child.kill('SIGTERM')
  expect(await bridge.exited).toBe(0)
}, 60_000)

test('10,000 streams: as many as the limit are open, the rest is refused, and spans still go through', async () => {
  const receiver = await startReceiver()
  receivers.push(receiver)
  const bridge = await spawnBridge(receiver.address)
  await bridge.stream.headers
  const hostile = Array.from({ length: 10 }, () => connectAgent(bridge.port))
  for (const client of hostile) for (let count = 0; count < 1000; count += 1) client.open()
  const openStreams = async () => (await bridge.counts()).metric('streams{rpc="trace-export"}')
  await expect.poll(openStreams, { timeout: 30_000 }).toBe(4000)
  await expect
    .poll(async () => (await bridge.counts()).metric('streams_refused_total{rpc="trace-export"}'), { timeout: 30_000 })
    .toBe(6001)
  const ids = newSpanIds(2)
  await bridge.stream.send(exportMessage(ids))
  await expect.poll(() => receiver.spanIds, { timeout: 10_000 }).toEqual(ids)
  for (const client of hostile) client.close()
  bridge.child.kill('SIGTERM')
  expect(await bridge.exited).toBe(0)
}, 60_000)
