// `overhead` and `trace` against the real Jaeger: the figures are those of a computation from the raw spans with other code,
// and where no span is missing just what the proxies were made to add.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Span, Trace } from '../../src/spans/span.ts'
import { runInProcess } from '../cli/cli-run.ts'
import { waitUntil } from '../cluster/control-plane/wait-until.ts'
import { fillJaeger } from './filled-jaeger.ts'
import { openOtlpClient } from './otlp/otlp-client.ts'
import { type Jaeger, startJaeger } from './processes/jaeger.ts'
import { startTraceRun, type TraceRun } from './processes/trace-run.ts'
import { newId, PROXY_RESOURCE, proxySpan } from './proxy-spans.ts'
import { type ShopTraces, shopTraces } from './shop-traces.ts'

const HOUR_US = 3_600_000_000
const NINE_US = Date.UTC(2026, 10, 28, 9) * 1000
/** Complete, by clocks that agree; and an hour later one in a hundred spans is missing, by clocks that do not. */
const WHOLE = shopTraces({ seed: 3, spans: 8_000, startUs: NINE_US })
const LOSSY = shopTraces({
  ...{ seed: 4, spans: 10_000, startUs: NINE_US + HOUR_US, missing: 10 },
  // Jaeger moves spans by up to a second.
  aheadUs: { 'node-b': 30_000, 'node-c': -3_200_000 },
})

let run: TraceRun
let jaeger: Jaeger
let base: string
beforeAll(async () => {
  run = await startTraceRun()
  jaeger = await startJaeger(run)
  await fillJaeger(jaeger, WHOLE)
  base = await fillJaeger(jaeger, LOSSY)
})
afterAll(() => run?.stop())

async function ask<Report>(...words: readonly string[]): Promise<Report> {
  const asked = runInProcess([...words, '-o', 'json', '--jaeger-url', base])
  expect({ code: await asked.returned, stderr: asked.stderr() }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(asked.stdout()) as Report
}

interface Figures {
  readonly requests: number
  readonly p50Us: number
  readonly p95Us: number
  readonly p99Us: number
  readonly withheld: readonly { readonly reason: string; readonly requests: number }[]
}
interface Overhead {
  readonly truncated: boolean
  readonly services: readonly {
    readonly namespace: string
    readonly service: string
    readonly inbound: Figures | null
    readonly outbound: Figures | null
  }[]
}

/** By Namespace, service and direction. */
async function overheadOf(...times: readonly string[]): Promise<ReadonlyMap<string, Figures>> {
  const { services, truncated } = await ask<Overhead>('overhead', ...times, '--timeout', '5m')
  expect(truncated).toBe(false)
  const all = services.flatMap(({ namespace, service, inbound, outbound }) =>
    Object.entries({ inbound, outbound }).map(([way, figures]) => [`${namespace}/${service} ${way}`, figures] as const),
  )
  return new Map(all.flatMap(([name, figures]) => (figures === null ? [] : [[name, figures]])))
}

/** The smallest value that so many percent do not exceed. */
function percentiles(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b)
  const of = (percent: number) => sorted.find((_, index) => (index + 1) * 100 >= percent * sorted.length)
  return { requests: values.length, p50Us: of(50), p95Us: of(95), p99Us: of(99) }
}

describe('overhead', () => {
  test('is what the proxies really added, to 1 %, where clocks agree', async () => {
    const found = await overheadOf('--since', '2026-11-28T09:00:00Z', '--until', '2026-11-28T09:11:00Z')
    const made = Map.groupBy(
      WHOLE.overheads,
      ({ namespace, service, direction }) => `${namespace}/${service} ${direction}`,
    )
    expect([...found.keys()].toSorted()).toEqual([...made.keys()].toSorted())
    for (const [name, figures] of found) {
      const real = percentiles((made.get(name) ?? []).map(({ addedUs }) => addedUs))
      expect({ name, requests: figures.requests, withheld: figures.withheld }).toEqual({
        ...{ name, requests: real.requests, withheld: [] },
      })
      for (const percentile of ['p50Us', 'p95Us', 'p99Us'] as const) {
        const off = Math.abs(figures[percentile] - (real[percentile] ?? 0)) / (real[percentile] ?? 1)
        expect(off, `${name} ${percentile}`).toBeLessThan(0.01)
      }
    }
  })

  test('is what a computation from the raw spans gives, where spans are missing and clocks are skewed', async () => {
    // What is by a clock that is behind began before it did.
    const found = await overheadOf('--since', '2026-11-28T09:59:00Z', '--until', '2026-11-28T10:11:00Z')
    const expected = fromRawSpans(LOSSY)
    expect([...found.keys()].toSorted()).toEqual([...expected.keys()].toSorted())
    for (const [name, { withheld, ...figures }] of found) {
      const raw = expected.get(name)
      expect({ name, ...figures }).toEqual({ name, ...percentiles(raw?.addedUs ?? []) })
      const counts = Object.fromEntries(withheld.map(({ reason, requests }) => [reason, requests]))
      expect({ name, ...counts }).toEqual({ name, ...raw?.withheld })
    }
  })
})

interface RawOverhead {
  readonly addedUs: number[]
  readonly withheld: Record<string, number>
}

/** Microsecond by microsecond: those of the server span in which no client span of the same proxy ran. */
function fromRawSpans({ traces }: ShopTraces): ReadonlyMap<string, RawOverhead> {
  const all = new Map<string, RawOverhead>()
  const entryOf = ({ process: { service, tags }, tags: { direction } }: Span) => {
    const name = `${tags['k8s.namespace.name'] ?? tags['linkerd.io/workload-ns']}/${service} ${direction}`
    const entry = all.get(name) ?? { addedUs: [], withheld: {} }
    all.set(name, entry)
    return entry
  }
  const withhold = (span: Span, reason: string) => {
    const { withheld } = entryOf(span)
    withheld[reason] = (withheld[reason] ?? 0) + 1
  }
  for (const { spans } of traces) {
    const proxies = spans.filter(({ tags }) => tags['direction'] !== undefined)
    const servers = proxies.filter(({ kind }) => kind === 'server')
    const clients = proxies.filter(({ kind }) => kind === 'client')
    for (const server of servers) {
      const tries = clients.filter(({ parentId }) => parentId === server.spanId)
      const status = ({ tags }: Span) => tags['http.response.status_code'] ?? tags['http.status_code']
      if (tries.length === 0) withhold(server, 'no-client-span')
      else if (!tries.some((tried) => status(tried) === status(server))) withhold(server, 'missing-try')
      else entryOf(server).addedUs.push(uncoveredUs(server, tries))
    }
    const lonely = clients.filter(({ parentId }) => !servers.some(({ spanId }) => spanId === parentId))
    for (const [first] of Map.groupBy(lonely, ({ parentId }) => parentId).values()) {
      withhold(first as Span, 'no-server-span')
    }
  }
  return all
}

function uncoveredUs({ startUs, durationUs }: Span, tries: readonly Span[]): number {
  const isCovered = new Uint8Array(durationUs)
  for (const tried of tries) isCovered.fill(1, tried.startUs - startUs, tried.startUs - startUs + tried.durationUs)
  return isCovered.filter((covered) => covered === 0).length
}

interface Report {
  readonly trees: number
  readonly totals: { readonly wholeUs: number; readonly proxyUs: number; readonly networkUs: number }
  readonly clocks: readonly { readonly clock: string; readonly aheadUs: number }[]
  readonly spans: readonly { readonly spanId: string; readonly depth: number; readonly try: object | null }[]
}

describe('trace', () => {
  const withTries = (shop: ShopTraces) => {
    const retried = new Set(shop.overheads.filter(({ tries }) => tries > 1).map(({ spanId }) => spanId))
    return shop.traces.filter(({ spans }) => spans.some(({ spanId }) => retried.has(spanId)))
  }

  test('has each span once, in one tree, joined ones of B3 and retries included', async () => {
    const [trace] = withTries(WHOLE) as [Trace]
    const { trees, spans, totals } = await ask<Report>('trace', trace.traceId.toUpperCase())
    expect(trees).toBe(1)
    const ids = (all: readonly { readonly spanId: string }[]) => all.map(({ spanId }) => spanId).toSorted()
    expect(ids(spans)).toEqual(ids(trace.spans))
    expect(new Set(ids(spans)).size).toBeLessThan(spans.length)
    expect(spans.filter((span) => span.try !== null).length).toBeGreaterThan(1)
    expect(totals.wholeUs).toBe(Math.max(...trace.spans.map(({ durationUs }) => durationUs)))
  })

  test('finds a clock that is 30 ms ahead, and splits the time as if it were right', async () => {
    const isSkewed = ({ spans }: Trace) =>
      spans.some(({ process }) => process.tags['k8s.node.name'] === 'node-b') &&
      spans.some(({ process, durationUs }) => process.service === 'ingress' && durationUs < 15_000)
    const trace = LOSSY.traces.find(isSkewed) as Trace
    const { clocks, totals } = await ask<Report>('trace', trace.traceId)
    const skew = clocks.find(({ clock }) => clock === 'node-b')?.aheadUs ?? 0
    expect(Math.abs(skew - 30_000)).toBeLessThan(15_000)
    expect(totals.networkUs).toBeLessThan(totals.wholeUs)
    expect(totals.proxyUs).toBeGreaterThan(0)
  })

  test('is found by an ID without its leading zeros, and spans that were sent twice are there once', async () => {
    const traceId = `00000${newId(16).slice(5)}`
    const spans = [proxySpan({ traceId, spanId: newId(8) }), proxySpan({ traceId })]
    const client = openOtlpClient(jaeger.backend.endpoint)
    for (const _twice of [1, 2]) await client.send([{ resource: PROXY_RESOURCE, spans }])
    client.close()
    await waitUntil({ what: 'each span twice in Jaeger', limitMs: 60_000, context: jaeger.log }, async () => {
      const stored = await fetch(`${base}/api/traces/${traceId}?raw=true`, { headers: { connection: 'close' } })
      const { data } = (await stored.json()) as { data: { spans: unknown[] }[] | null }
      return data?.[0]?.spans.length === 4
    })
    const report = await ask<Report>('trace', traceId.replace(/^0+/, ''))
    expect(report.spans).toHaveLength(2)
  })

  test('with a span that ended before it began is shown all the same', async () => {
    const start = BigInt(NINE_US) * 1000n
    const odd = proxySpan({ start, end: start - 5_000_000n })
    const client = openOtlpClient(jaeger.backend.endpoint)
    await client.send([{ resource: PROXY_RESOURCE, spans: [odd] }])
    client.close()
    const times = ['--since', '2026-11-28T08:59:00Z', '--until', '2026-11-28T09:00:01Z', '--service', 'web']
    await waitUntil({ what: 'the odd span', limitMs: 60_000, context: jaeger.log }, async () => {
      const { services } = await ask<Overhead>('overhead', ...times)
      return services.some(({ inbound }) => inbound?.withheld.some(({ reason }) => reason === 'no-client-span'))
    })
    const { spans } = await ask<{ spans: { durationUs: number | null }[] }>('trace', odd.traceId)
    expect(spans).toMatchObject([{ durationUs: null }])
  })

  test('is told from one that Jaeger does not have', async () => {
    const asked = runInProcess(['trace', newId(16), '--jaeger-url', base])
    expect(await asked.returned).toBe(1)
    expect(asked.stderr()).toContain('error: Jaeger has no trace ')
  })
})
