import { connect, createServer, type Socket } from 'node:net'
import { status } from '@grpc/grpc-js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BRIDGE_LIMITS } from '../../../src/bridge/bridge-limits.ts'
import { type AgentClient, connectAgent, exportMessage, newSpanIds } from './agent-client.ts'
import { type OtlpReceiver, startReceiver } from './otlp-receiver.ts'
import { startBridge } from './running-bridge.ts'

const clients: AgentClient[] = []
const connectTo = (port: number, options?: Readonly<Record<string, number>>) => {
  const client = connectAgent(port, options)
  clients.push(client)
  return client
}
let receiver: OtlpReceiver
beforeAll(async () => {
  receiver = await startReceiver()
})
afterAll(() => {
  for (const client of clients) client.close()
  receiver.stop()
})

describe('streams', () => {
  test('are taken at once, and nothing is ever sent on them', async () => {
    const { port, counts } = await startBridge(receiver.address)
    const client = connectTo(port)
    const streams = (['trace-export', 'trace-config', 'metrics-export'] as const).map((rpc) => client.open(rpc))
    await Promise.all(streams.map(({ headers }) => headers))
    for (const stream of streams) await stream.send(exportMessage(newSpanIds(2)))
    await expect.poll(async () => (await counts()).sent).toBe(2)
    const { metric } = await counts()
    for (const rpc of ['trace-export', 'trace-config', 'metrics-export']) {
      expect(metric(`streams{rpc="${rpc}"}`)).toBe(1)
      await expect.poll(async () => (await counts()).metric(`messages_total{rpc="${rpc}",result="ok"}`)).toBe(1)
    }
    expect(streams.flatMap(({ received }) => received)).toEqual([])
    expect(streams.every((stream) => stream.isOpen())).toBe(true)
  })

  test('a client that ends its own gets OK; one that goes is counted as gone', async () => {
    const { port, counts } = await startBridge(receiver.address)
    const client = connectTo(port)
    const [polite, gone] = [client.open(), client.open()]
    await Promise.all([polite.headers, gone.headers])
    expect((await counts()).metric('streams{rpc="trace-export"}')).toBe(2)
    polite.half()
    expect((await polite.ended).code).toBe(status.OK)
    gone.cancel()
    await expect.poll(async () => (await counts()).metric('streams{rpc="trace-export"}')).toBe(0)
  })
})

describe('messages that are none', () => {
  test('are counted and told; the stream stays, and the next message is taken', async () => {
    const { port, counts, lines } = await startBridge(receiver.address)
    const stream = connectTo(port).open()
    for (let count = 0; count < 50; count += 1) await stream.send(Buffer.from('ffffffffffffffffffff', 'hex'))
    await stream.send(exportMessage(newSpanIds(3)))
    await expect.poll(async () => (await counts()).sent).toBe(3)
    expect((await counts()).metric('messages_total{rpc="trace-export",result="invalid"}')).toBe(50)
    expect(stream.isOpen()).toBe(true)
    const [line] = lines
    expect(line).toMatchObject({ level: 'warn', message: 'message that is none of OpenCensus' })
    expect(line?.fields['because']).toMatch(/byte/)
  })

  test('spans that are none are counted apart, and those of the exporter’s own streams', async () => {
    const { port, counts } = await startBridge(receiver.address)
    const stream = connectTo(port).open()
    await stream.send(exportMessage(newSpanIds(3), { invalid: 2, ownStream: 4 }))
    await expect.poll(counts).toMatchObject({ received: 9, sent: 3, invalid: 2, ownStream: 4, unaccounted: 0 })
  })
})

describe('clients that mean no good', () => {
  test('more streams than the limit are refused, and the first ones stay', async () => {
    const { port, counts } = await startBridge(receiver.address, { maxStreams: 50 })
    const good = connectTo(port).open()
    await good.headers
    // Of one connection the rest waits, of several it is refused.
    const streams = [1, 2].flatMap(() => {
      const client = connectTo(port)
      return Array.from({ length: 40 }, () => client.open())
    })
    await expect.poll(async () => (await counts()).metric('streams{rpc="trace-export"}')).toBe(50)
    await expect.poll(async () => (await counts()).metric('streams_refused_total{rpc="trace-export"}')).toBe(31)
    const refused = () => streams.filter((stream) => !stream.isOpen())
    await expect.poll(refused).toHaveLength(31)
    expect((await refused()[0]?.ended)?.code).toBe(status.RESOURCE_EXHAUSTED)
    await good.send(exportMessage(newSpanIds(1)))
    await expect.poll(async () => (await counts()).sent).toBe(1)
  })

  test('a message above the limit ends its stream only; one below it is taken', async () => {
    const { port, counts } = await startBridge(receiver.address)
    const client = connectTo(port)
    const [bad, good] = [client.open(), client.open()]
    void bad.send(exportMessage(newSpanIds(1), { name: 'x'.repeat(BRIDGE_LIMITS.messageBytes) }))
    expect((await bad.ended).code).toBe(status.RESOURCE_EXHAUSTED)
    await good.send(exportMessage(newSpanIds(2000), { name: 'x'.repeat(2000) }))
    await expect.poll(async () => (await counts()).sent).toBe(2000)
    expect(good.isOpen()).toBe(true)
  })

  test('bytes that are no HTTP/2 end their connection, and nothing else', async () => {
    const { port, counts } = await startBridge(receiver.address)
    const stream = connectTo(port).open()
    await stream.headers
    for (const bytes of [
      'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
      '\0'.repeat(5000),
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nxxxxxxxxxxxx',
    ]) {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => {})
      socket.resume()
      socket.write(bytes)
      await new Promise((resolve) => socket.once('close', resolve))
    }
    await stream.send(exportMessage(newSpanIds(1)))
    await expect.poll(async () => (await counts()).sent).toBe(1)
  })

  test('a peer that is gone without a word is let go', async () => {
    const bridge = await startBridge(receiver.address, { limits: { pingAfterMs: 200, pingAnswerMs: 200 } })
    // A way to the bridge that falls silent in both directions, with its connections left open.
    const pipes: Socket[] = []
    const relay = createServer((inbound) => {
      const outbound = connect(bridge.port, '127.0.0.1')
      pipes.push(inbound, outbound)
      inbound.pipe(outbound).pipe(inbound)
      for (const socket of [inbound, outbound]) socket.on('error', () => {})
    })
    await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve))
    const { port } = relay.address() as { port: number }
    const stream = connectTo(port).open()
    await stream.headers
    expect((await bridge.counts()).metric('streams{rpc="trace-export"}')).toBe(1)
    for (const socket of pipes) socket.unpipe().pause()
    await expect
      .poll(async () => (await bridge.counts()).metric('streams{rpc="trace-export"}'), { timeout: 5000 })
      .toBe(0)
    for (const socket of pipes) socket.destroy()
    relay.close()
  })

  test('a peer that lives is kept, though it says nothing', async () => {
    const bridge = await startBridge(receiver.address, { limits: { pingAfterMs: 50, pingAnswerMs: 1000 } })
    const stream = connectTo(bridge.port).open()
    await stream.headers
    // Longer than several pings: time itself is what is tested.
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(stream.isOpen()).toBe(true)
  })
})
