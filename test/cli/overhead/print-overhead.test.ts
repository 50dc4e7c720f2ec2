import { join } from 'node:path'
import { expect, test } from 'vitest'
import { overheadReport } from '../../../src/cli/overhead/overhead-report.ts'
import { printOverhead } from '../../../src/cli/overhead/print-overhead.ts'
import { createOverheadTally } from '../../../src/spans/proxy-overhead.ts'
import { madeSpan, madeTrace } from '../../spans/made-spans.ts'
import { shopTraces } from '../../traces/shop-traces.ts'

const golden = (name: string) => join(import.meta.dirname, 'golden', name)

const tally = createOverheadTally()
for (const trace of shopTraces({ spans: 3_000, missing: 30 }).traces) tally.add(trace)
const overheads = tally.overheads()
const range = { fromUs: Date.UTC(2026, 10, 28, 10) * 1000, untilUs: Date.UTC(2026, 10, 28, 11) * 1000 }
const outcome = { traces: 220, spans: 3_000, completeFromUs: range.fromUs, shortfalls: [] }

test('a table for a person: a row for each service and direction, and why figures are withheld', async () => {
  await expect(printOverhead(overheads, { traces: 220, hasColour: false })).toMatchFileSnapshot(golden('shop.txt'))
})

test('as JSON, in microseconds', async () => {
  const { services } = overheadReport(overheads, range, outcome) as { services: unknown }
  const text = `${JSON.stringify(services, null, 2)}\n`
  await expect(text).toMatchFileSnapshot(golden('services.json.txt'))
})

test('without a figure there is a dash, or null', () => {
  const none = createOverheadTally()
  none.add(madeTrace(madeSpan({ spanId: 'a' })))
  const table = printOverhead(none.overheads(), { traces: 1, hasColour: true })
  expect(table).toContain('shop        web       inbound   0          -     -     -     \u001b[33m1\u001b[0m')
  const report: unknown = JSON.parse(JSON.stringify(overheadReport(none.overheads(), range, outcome)))
  expect(report).toMatchObject({
    services: [{ inbound: { requests: 0, p50Us: null, p99Us: null }, outbound: null }],
  })
})

test('names cannot steer a terminal', () => {
  const odd = createOverheadTally()
  odd.add(madeTrace(madeSpan({ spanId: 'a', process: { service: 'we\u001b[2Jb', tags: {} } })))
  expect(printOverhead(odd.overheads(), { traces: 1, hasColour: false })).toContain('we\\u001b[2Jb')
})

test('where there is nothing it says what is lacking', () => {
  const look = { hasColour: false }
  expect(printOverhead([], { traces: 0, ...look })).toContain('There are no such traces')
  expect(printOverhead([], { traces: 1, ...look })).toContain('Of 1 trace none has such spans of a proxy')
})
