import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSpanProbe } from '../../../src/cli/traces/span-probe.ts'

let collector: Server
let status = 200
let taken: string[]
beforeEach(async () => {
  taken = []
  status = 200
  collector = createServer(async (request, response) => {
    taken.push(await text(request))
    response.writeHead(status).end('{}')
  })
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
})
afterEach(() => {
  collector.closeAllConnections()
  collector.close()
})

const url = () => `http://127.0.0.1:${(collector.address() as AddressInfo).port}/`

test('a span is sent once, however often it is looked for', async () => {
  const probe = createSpanProbe()
  await probe.send(url())
  await probe.send(url())
  expect(taken).toHaveLength(1)
})

test('one that was refused is sent again', async () => {
  const probe = createSpanProbe()
  status = 503
  await expect(probe.send(url())).rejects.toThrow(/\/v1\/traces answered HTTP 503$/)
  status = 200
  await probe.send(url())
  expect(taken).toHaveLength(2)
  expect(taken[1]).toContain(probe.traceId)
})

test('it is a span of OTLP that failed, so that sampling keeps it', async () => {
  await createSpanProbe().send(url())
  const [{ resource, scopeSpans }] = JSON.parse(taken[0] ?? '').resourceSpans
  expect(resource.attributes).toEqual([{ key: 'service.name', value: { stringValue: 'linkerd-tracing-check' } }])
  expect(scopeSpans[0].spans[0]).toMatchObject({
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    status: { code: 2 },
  })
})

test('two spans are two traces', () => {
  expect(createSpanProbe().traceId).not.toBe(createSpanProbe().traceId)
})
