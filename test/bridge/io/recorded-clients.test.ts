import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { AgentRpc } from '../../../src/bridge/bridge-reports.ts'
import { root } from '../../source-files.ts'
import { type AgentClient, type AgentClientStream, connectAgent } from './agent-client.ts'
import { messagesAt, type OtlpReceiver, startReceiver } from './otlp-receiver.ts'
import { startBridge } from './running-bridge.ts'

// What Linkerd's own controllers sent to a listener, message by message, where the recordings stand beside the checkout.
const folder = join(process.env['LINKERD_TRACING_SHARED'] ?? join(root, '..', 'shared'), 'opencensus')
const recordings = existsSync(folder)
  ? readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
  : []

interface Message {
  /** `c1-s2`: connection and stream. */
  readonly stream: string
  readonly connection: string
  readonly rpc: AgentRpc
  readonly bytes: Buffer
}

const RPCS: Readonly<Record<string, AgentRpc>> = {
  TraceExport: 'trace-export',
  Config: 'trace-config',
  MetricsExport: 'metrics-export',
}

function messagesOf(recording: string): Message[] {
  return readdirSync(join(folder, recording))
    .filter((name) => name.endsWith('.bin'))
    .sort()
    .map((name) => {
      const [, connection = '', stream = '', rpc = ''] = /^\d+-(c\d+)-(s\d+)-(\w+)-\d+\.bin$/.exec(name) ?? []
      const bytes = readFileSync(join(folder, recording, name))
      return { connection, stream: `${connection}-${stream}`, rpc: RPCS[rpc] as AgentRpc, bytes }
    })
}

/** Read off the raw bytes: ExportTraceServiceRequest → Span (2) → span_id (2), name (4) → TruncatableString.value (1). */
function spansIn(messages: readonly Message[]) {
  return messages
    .filter(({ rpc }) => rpc === 'trace-export')
    .flatMap(({ bytes, stream }) => messagesAt(bytes, 2).map((span) => ({ span, stream })))
    .map(({ span, stream }) => ({
      stream,
      id: Buffer.from(messagesAt(span, 2)[0] ?? []).toString('hex'),
      isOwn: Buffer.from(messagesAt(span, 4)[0] ?? []).includes('opencensus.proto.agent'),
    }))
}

/** Node (1) → ServiceInfo (3) → name (1), which only the first message of a stream has. */
function servicesOf(messages: readonly Message[]): Map<string, string> {
  const named = messages.flatMap(({ bytes, stream, rpc }) => {
    const [service] = messagesAt(bytes, 1)
      .flatMap((node) => messagesAt(node, 3))
      .flatMap((info) => messagesAt(info, 1))
    return service === undefined || rpc !== 'trace-export' ? [] : [[stream, Buffer.from(service).toString()] as const]
  })
  return new Map(named)
}

const clients: AgentClient[] = []
const receivers: OtlpReceiver[] = []
afterAll(() => {
  for (const client of clients) client.close()
  for (const receiver of receivers) receiver.stop()
})

async function replay(port: number, messages: readonly Message[]): Promise<AgentClientStream[]> {
  const connections = new Map<string, AgentClient>()
  const streams = new Map<string, AgentClientStream>()
  for (const { connection, stream, rpc, bytes } of messages) {
    const client = connections.get(connection) ?? connectAgent(port)
    connections.set(connection, client)
    const open = streams.get(stream) ?? client.open(rpc)
    streams.set(stream, open)
    await open.send(bytes)
  }
  clients.push(...connections.values())
  return [...streams.values()]
}

async function started() {
  const receiver = await startReceiver()
  receivers.push(receiver)
  return { receiver, bridge: await startBridge(receiver.address) }
}

describe.skipIf(recordings.length === 0)('Linkerd’s controllers', () => {
  test('there are recordings with spans, own-stream spans, and both services', () => {
    const all = recordings.flatMap((recording) => spansIn(messagesOf(recording)))
    expect(all.filter(({ isOwn }) => !isOwn).length).toBeGreaterThan(20)
    expect(all.some(({ isOwn }) => isOwn)).toBe(true)
    const services = recordings.flatMap((recording) => [...servicesOf(messagesOf(recording)).values()])
    expect(new Set(services)).toEqual(new Set(['linkerd-identity', 'linkerd-destination']))
  })

  test.each(recordings)('%s: each span arrives once, of its service; streams stay', async (recording) => {
    const { receiver, bridge } = await started()
    const messages = messagesOf(recording)
    const spans = spansIn(messages)
    const wanted = spans.filter(({ isOwn }) => !isOwn)
    const streams = await replay(bridge.port, messages)
    await expect.poll(bridge.counts).toMatchObject({
      received: spans.length,
      sent: wanted.length,
      ownStream: spans.length - wanted.length,
      queued: 0,
    })
    expect(receiver.spanIds.toSorted()).toEqual(wanted.map(({ id }) => id).toSorted())
    const services = servicesOf(messages)
    expect([...receiver.services].toSorted()).toEqual(
      wanted.map(({ id, stream }) => [id, services.get(stream)]).toSorted(),
    )
    for (const rpc of ['trace-config', 'metrics-export'] as const) {
      const sent = messages.filter((message) => message.rpc === rpc).length
      await expect
        .poll(async () => (await bridge.counts()).metric(`messages_total{rpc="${rpc}",result="ok"}`))
        .toBe(sent)
    }
    expect(streams.every((stream) => stream.isOpen() && stream.received.length === 0)).toBe(true)
    expect(await bridge.counts()).toMatchObject({ invalid: 0, droppedInAll: 0, unaccounted: 0 })
  })

  test('all of them at once: no stream’s Node is another’s', async () => {
    const { receiver, bridge } = await started()
    await Promise.all(recordings.map((recording) => replay(bridge.port, messagesOf(recording))))
    const wanted = recordings.flatMap((recording) => {
      const messages = messagesOf(recording)
      const services = servicesOf(messages)
      return spansIn(messages)
        .filter(({ isOwn }) => !isOwn)
        .map(({ id, stream }) => [id, services.get(stream)] as const)
    })
    await expect.poll(() => receiver.spanIds.length).toBe(wanted.length)
    expect([...receiver.services].toSorted()).toEqual([...new Map(wanted)].toSorted())
  })
})
