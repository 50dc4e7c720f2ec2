import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { countSpans, findSpans, hasTrace } from '../../../src/cli/traces/jaeger-query.ts'

const process = (serviceName: string, tags: Record<string, unknown> = {}) => ({
  serviceName,
  tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
})
const traceOf = (...processes: object[]) => ({
  spans: processes.map((_, index) => ({ processID: `p${index}` })),
  processes: Object.fromEntries(processes.map((one, index) => [`p${index}`, one])),
})

describe('spans of a service are counted', () => {
  test.each<[string, object[], object]>([
    ['by Pod', [traceOf(process('web', { 'k8s.pod.name': 'web-1' }))], { spans: 1, pods: ['web-1'] }],
    [
      'by host where no Pod is named',
      [traceOf(process('web', { 'host.name': 'web-1' }))],
      { spans: 1, pods: ['web-1'] },
    ],
    [
      'by Pod rather than by host',
      [traceOf(process('web', { 'host.name': 'node', 'k8s.pod.name': 'web-1' }))],
      { spans: 1, pods: ['web-1'] },
    ],
    [
      'each Pod once, in all traces, without the spans of others in them',
      [
        traceOf(process('web', { 'k8s.pod.name': 'web-1' }), process('cart', { 'k8s.pod.name': 'cart-1' })),
        traceOf(process('web', { 'k8s.pod.name': 'web-1' }), process('web', { 'k8s.pod.name': 'web-2' })),
      ],
      { spans: 3, pods: ['web-1', 'web-2'] },
    ],
    ['of no Pod', [traceOf(process('web', { 'host.arch': 'amd64' }))], { spans: 1, pods: [] }],
    ['without tags', [traceOf({ serviceName: 'web', tags: null })], { spans: 1, pods: [] }],
    ['without their process', [{ spans: [{ processID: 'p1' }, {}], processes: {} }], { spans: 0, pods: [] }],
  ])('%s', (_how, data, found) => {
    expect(countSpans({ data }, 'web')).toEqual(found)
  })

  test('nothing is there', () => {
    expect(countSpans({ data: null }, 'web')).toEqual({ spans: 0, pods: [] })
  })
})

describe('Jaeger’s API', () => {
  let server: Server
  let answer: [status: number, body: string]
  beforeEach(async () => {
    server = createServer((_request, response) => response.writeHead(answer[0]).end(answer[1]))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })

  const base = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/jaeger/`
  const now = new Date()

  test.each<[string, [number, string], boolean | RegExp]>([
    ['it is there', [200, '{"data":[{}]}'], true],
    ['it is not there', [404, '{"data":null}'], false],
    ['it is not there, by another version', [200, '{"data":[]}'], false],
    ['Jaeger fails', [500, 'storage'], /\/jaeger\/api\/traces\/abc answered HTTP 500$/],
    ['it is a page', [200, '<html>'], /is not Jaeger’s API: does the base path belong to the URL\?$/],
  ])('a trace: %s', async (_what, given, wanted) => {
    answer = given
    const said = await hasTrace(base(), 'abc').catch((error: Error) => error.message)
    if (wanted instanceof RegExp) expect(said).toMatch(wanted)
    else expect(said).toBe(wanted)
  })

  test.each<[[number, string], RegExp]>([
    [[503, ''], /answered HTTP 503$/],
    [[200, '<html>'], /is not Jaeger’s API/],
  ])('a search: %j', async (given, error) => {
    answer = given
    await expect(findSpans(base(), { service: 'web', since: now, until: now })).rejects.toThrow(error)
  })
})
