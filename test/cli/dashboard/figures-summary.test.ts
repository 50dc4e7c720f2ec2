// The figures of the page against traces of a shop, of which it is known what every request took and what proxies added.
import { describe, expect, test } from 'vitest'
import { createFiguresSummary } from '../../../src/cli/dashboard/figures-summary.ts'
import { serviceReport } from '../../../src/cli/dashboard/service-report.ts'
import { createOverheadTally } from '../../../src/spans/proxy-overhead.ts'
import { createFiguresTally } from '../../../src/spans/service-figures.ts'
import type { Span } from '../../../src/spans/span.ts'
import { shopTraces } from '../../traces/shop-traces.ts'

const fromUs = Date.UTC(2026, 10, 28, 10) * 1_000
const range = { fromUs, untilUs: fromUs + 600_000_000 }
const { traces } = shopTraces({ spans: 5_000, startUs: fromUs, withinUs: 600_000_000 })
const summary = createFiguresSummary({ url: 'http://127.0.0.1:16686/jaeger', range })
for (const trace of traces) summary.add(trace)
const [services, controlPlane] = [summary.services(), summary.controlPlane()]
const isWithin = ({ startUs }: Span) => startUs >= range.fromUs && startUs < range.untilUs
const nameOf = ({ service, namespace }: { service: string; namespace?: string | null | undefined }) =>
  `${service}.${namespace ?? ''}`

test('requests, errors and latency are those of stat', () => {
  const tally = createFiguresTally({ by: 'service', isWanted: ({ span }) => isWithin(span) })
  for (const trace of traces) tally.add(trace)
  const known = tally.figures()
  expect(known.length).toBeGreaterThan(3)
  const shown = [...services, ...controlPlane].filter(({ requests }) => requests > 0)
  expect(shown.map(nameOf).sort()).toEqual(known.map(nameOf).sort())
  for (const { requests, errors, p50Us, p95Us, p99Us, ...place } of known) {
    const same = shown.find((service) => nameOf(service) === nameOf(place))
    expect(same).toMatchObject({ requests, errors, latency: { p50Us, p95Us, p99Us } })
  }
})

test('what proxies add is that of overhead, with a sentence for what is withheld', () => {
  const tally = createOverheadTally(isWithin)
  for (const trace of traces) tally.add(trace)
  const known = tally.overheads().filter(({ inbound }) => inbound !== undefined)
  expect(known.length).toBeGreaterThan(3)
  for (const { inbound, ...place } of known) {
    const same = services.find((service) => nameOf(service) === nameOf(place))
    expect(same?.inbound).toMatchObject({ requests: inbound?.requests, p95Us: inbound?.p95Us })
    for (const { reason } of same?.inbound?.withheld ?? []) expect(reason).toMatch(/ .*[:,] /)
  }
})

test('the control plane’s components stand apart from services', () => {
  expect(controlPlane.map(({ service }) => service).sort()).toEqual(['linkerd-destination', 'linkerd-identity'])
  expect(services.map(({ service }) => service).filter((name) => /^linkerd-(dest|ident)/.test(name))).toEqual([])
})

test('the proxies of the control plane’s Pods are no services', () => {
  const tagsOf = (tags: object) =>
    Object.assign(Object.create(null), tags, { 'linkerd.io/control-plane-component': 'a' })
  const created = createFiguresSummary({ url: 'http://127.0.0.1:16686', range })
  for (const { traceId, spans } of traces.slice(0, 50)) {
    const moved = spans.map((span) => ({ ...span, process: { ...span.process, tags: tagsOf(span.process.tags) } }))
    created.add({ traceId, spans: moved })
  }
  expect(created.services()).toEqual([])
  expect(created.controlPlane()[0]).toMatchObject({ inbound: null, outbound: null })
})

describe('over time', () => {
  test('steps hold each request once', () => {
    for (const { requests, overTime } of [...services, ...controlPlane]) {
      expect(overTime.requests).toHaveLength(30)
      expect(overTime.requests.reduce((sum, count) => sum + count, 0)).toBe(requests)
    }
  })

  test('steps are of equal length, from the beginning on', () => {
    const { startMs } = services[0]?.overTime ?? { startMs: [] }
    expect(startMs.slice(0, 3)).toEqual([0, 20_000, 40_000].map((ms) => fromUs / 1_000 + ms))
  })

  test('a step without a request has no figures, rather than zeros', () => {
    const { overTime } = createdOf(traces.slice(0, 1))
    const empty = overTime.requests.flatMap((count, step) => (count === 0 ? [step] : []))
    expect(empty.length).toBeGreaterThan(20)
    for (const step of empty) expect([overTime.p50Us[step], overTime.p99Us[step]]).toEqual([null, null])
  })

  test('what began before or after is not counted, as by stat, though its trace was read', () => {
    const [first] = traces.filter(({ spans }) => spans.some(({ kind }) => kind === 'server'))
    const longAgo = (first?.spans ?? []).map((span) => ({ ...span, startUs: span.startUs - 3_600_000_000 }))
    const created = createFiguresSummary({ url: 'http://127.0.0.1:16686', range })
    created.add({ traceId: 'a', spans: longAgo })
    expect([...created.services(), ...created.controlPlane()]).toEqual([])
  })
})

test('where every request of a proxy is withheld there is no figure, rather than one that JSON cannot have', () => {
  const none = { requests: 0, withheld: [], p50Us: Number.NaN, p95Us: Number.NaN, p99Us: Number.NaN }
  const all = { service: 'web', namespace: 'shop', overhead: { service: 'web', namespace: 'shop', inbound: none } }
  const report = serviceReport({ all, steps: [all], startMs: [0] }, { url: 'http://127.0.0.1:16686', range })
  expect(report.inbound).toEqual({ requests: 0, withheld: [], p50Us: null, p95Us: null, p99Us: null })
  expect(report.overTime.inboundP95Us).toEqual([null])
  expect(report.latency.p50Us).toBe(null)
})

test('JSON loses nothing of it: there is no NaN', () => {
  const all = [...services, ...controlPlane]
  expect(JSON.parse(JSON.stringify(all))).toEqual(all)
})

test('a service’s traces are looked for on Jaeger’s page, in the same time', () => {
  const url = new URL(services[0]?.jaegerUrl ?? '')
  expect(url.pathname).toBe('/jaeger/search')
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    service: services[0]?.service,
    start: String(range.fromUs),
    end: String(range.untilUs),
  })
})

function createdOf(some: typeof traces) {
  const created = createFiguresSummary({ url: 'http://127.0.0.1:16686', range })
  for (const trace of some) created.add(trace)
  const [first] = [...created.services(), ...created.controlPlane()].filter(({ requests }) => requests > 0)
  if (first === undefined) throw new Error('no service has a request')
  return first
}
