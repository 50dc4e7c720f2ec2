// `stat` and `traces` against the real Jaeger with 50,000 spans: their figures are those that a computation from the raw
// spans gives, by the rules of docs/traces-at-work.md, and with other code.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Span, Trace } from '../../src/spans/span.ts'
import { runInProcess } from '../cli/cli-run.ts'
import { waitUntil } from '../cluster/control-plane/wait-until.ts'
import { fillJaeger } from './filled-jaeger.ts'
import { openOtlpClient } from './otlp/otlp-client.ts'
import { type Jaeger, startJaeger } from './processes/jaeger.ts'
import { startTraceRun, type TraceRun } from './processes/trace-run.ts'
import { asSent, hasRecordedSpans, recordedSpans } from './proxy-spans.ts'
import { shopTraces } from './shop-traces.ts'

/** Of a hundred spans one never arrived. */
const SHOP = shopTraces({ seed: 9, spans: 50_000, missing: 10 })
const [TEN, QUARTER_PAST] = ['2026-11-28T10:00:00Z', '2026-11-28T10:15:00Z']

let run: TraceRun
let jaeger: Jaeger
let base: string
beforeAll(async () => {
  run = await startTraceRun()
  jaeger = await startJaeger(run)
  base = await fillJaeger(jaeger, SHOP)
})
afterAll(() => run?.stop())

interface Row {
  readonly namespace: string | null
  readonly service: string
  readonly route?: string
  readonly requests: number
  readonly errors: number
}

async function ask<Report>(...words: readonly string[]): Promise<Report> {
  const asked = runInProcess([...words, '-o', 'json', '--jaeger-url', base, '--timeout', '5m'])
  expect({ code: await asked.returned, stderr: asked.stderr() }).toEqual({ code: 0, stderr: '' })
  const report = JSON.parse(asked.stdout()) as Report & { truncated: boolean }
  expect(report.truncated).toBe(false)
  return report
}

const stat = async (...words: readonly string[]) => (await ask<{ rows: Row[] }>('stat', ...words)).rows

const placeOf = ({ process: { service, tags } }: Span) =>
  `${tags['k8s.namespace.name'] ?? tags['linkerd.io/workload-ns'] ?? ''}/${service}`
const isInbound = ({ tags }: Span) => tags['direction'] === 'inbound'

/** An inbound proxy’s server span; an application’s where its proxy said nothing of the trace. */
function requestsOf({ spans }: Trace): Span[] {
  const withProxy = spans.filter(isInbound).map(placeOf)
  return spans
    .filter(({ kind }) => kind === 'server')
    .filter((span) => isInbound(span) || (span.tags['direction'] === undefined && !withProxy.includes(placeOf(span))))
    .filter(({ process: { service } }) => !service.startsWith('linkerd-') || service === 'linkerd-proxy')
}

/** Rows by their names, from raw spans. */
function expectedRows(requests: readonly Span[], routeOf?: (span: Span) => string) {
  const groups = Map.groupBy(requests, (span) => `${placeOf(span)} ${routeOf?.(span) ?? ''}`)
  return [...groups.keys()].sort().map((key) => {
    const spans = groups.get(key) ?? []
    const [namespace, service] = key.split(' ')[0]?.split('/') ?? []
    const durations = spans.map(({ durationUs }) => durationUs).sort((a, b) => a - b)
    const percentile = (percent: number) =>
      durations.find((_, index) => (index + 1) * 100 >= percent * durations.length)
    return {
      namespace,
      service,
      ...(routeOf !== undefined && { route: key.slice(key.indexOf(' ') + 1) }),
      requests: spans.length,
      errors: spans.filter(({ tags }) => Number(tags['http.response.status_code'] ?? tags['http.status_code']) > 499)
        .length,
      p50Us: percentile(50),
      p95Us: percentile(95),
      p99Us: percentile(99),
    }
  })
}

describe('with 50,000 spans', () => {
  test('stat of one service, by route, has the figures of its raw spans', async () => {
    const requests = SHOP.traces.flatMap(requestsOf).filter(({ process: { service } }) => service === 'catalog')
    const rows = await stat('--since', TEN, '--until', QUARTER_PAST, '--service', 'catalog', '--by', 'route')
    expect(rows).toEqual(expectedRows(requests, ({ operation }) => `GET ${operation.replace(/\d+/, '{id}')}`))
    expect(rows.map(({ requests }) => requests).reduce((sum, count) => sum + count)).toBeGreaterThan(4_000)
  })

  test('stat of all services has the figures of those requests that began within the time', async () => {
    const [from, until] = [Date.parse('2026-11-28T10:03:00Z') * 1000, Date.parse('2026-11-28T10:04:00Z') * 1000]
    const within = ({ startUs }: Span) => startUs >= from && startUs <= until
    const rows = await stat('--since', '2026-11-28T10:03:00Z', '--until', '2026-11-28T10:04:00Z')
    expect(rows).toEqual(expectedRows(SHOP.traces.flatMap(requestsOf).filter(within)))
    expect(rows.length).toBeGreaterThan(6)
  })

  test('stat --control-plane has Linkerd’s components', async () => {
    const words = ['--control-plane', '--service', 'linkerd-identity', '--by', 'route']
    const [row] = await stat('--since', TEN, '--until', QUARTER_PAST, ...words)
    const requests = SHOP.spans.filter(({ process: { service } }) => service === 'linkerd-identity')
    const route = 'io.linkerd.proxy.identity.Identity.Certify'
    expect(row).toMatchObject({ service: 'linkerd-identity', namespace: null, route, requests: requests.length })
  })

  test('traces lists the newest of a service, without reading all of them', async () => {
    const report = await ask<{ traces: number; found: { traceId: string }[] }>(
      ...['traces', '--since', TEN, '--until', QUARTER_PAST, '--service', 'payment', '--limit', '7'],
    )
    const startOf = ({ spans }: Trace) => Math.min(...spans.map(({ startUs }) => startUs))
    const newest = SHOP.traces
      .filter(({ spans }) => spans.some(({ process: { service } }) => service === 'payment'))
      .toSorted((a, b) => startOf(b) - startOf(a))
    expect(report.found.map(({ traceId }) => traceId)).toEqual(newest.slice(0, 7).map(({ traceId }) => traceId))
    expect(report.traces).toBeLessThan(newest.length / 2)
  })
})

describe.skipIf(!hasRecordedSpans)('spans of a real proxy', () => {
  test('are nine requests of one service', async () => {
    const client = openOtlpClient(jaeger.backend.endpoint)
    await client.send(recordedSpans().map(asSent))
    client.close()
    const [first = 0] = recordedSpans().map(({ start }) => start)
    const [since, until] = [-3_600_000, 3_600_000].map((ms) => new Date(first / 1000 + ms).toISOString()) as [
      string,
      string,
    ]
    const rows = await waitUntil({ what: 'recorded spans', limitMs: 60_000 }, async () => {
      const found = await stat('--since', since, '--until', until, '--by', 'route', '--service', 'web')
      return found.reduce((sum, { requests }) => sum + requests, 0) === 9 && found
    })
    expect(rows.map(({ namespace, route, requests }) => [namespace, route, requests])).toEqual([
      ['shop', 'GET /a', 1],
      ['shop', 'GET /cart/{id}', 8],
    ])
  })
})
