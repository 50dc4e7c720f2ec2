// What a real proxy has sent, through all that reads it.
import { describe, expect, test } from 'vitest'
import { layOutTrace } from '../../src/cli/trace/lay-out-trace.ts'
import { printTrace } from '../../src/cli/trace/print-trace.ts'
import { parseJaegerTrace } from '../../src/spans/jaeger-trace.ts'
import { createOverheadTally } from '../../src/spans/proxy-overhead.ts'
import { hasRecordedSpans, recordedAnswer, recordedSpans } from '../traces/proxy-spans.ts'

describe.skipIf(!hasRecordedSpans)('nine requests to a real proxy', () => {
  const traces = hasRecordedSpans ? recordedAnswer().data.map(parseJaegerTrace) : []

  test('each has its overhead, the difference of its two spans', () => {
    const tally = createOverheadTally()
    for (const trace of traces) tally.add(trace)
    const spans = recordedSpans()
    const added = spans
      .filter(({ tags }) => tags['span.kind'] === 'server')
      .map((server) => server.duration - (spans.find((one) => one.parentSpanId === server.spanId)?.duration ?? 0))
      .toSorted((a, b) => a - b)
    expect(added).toHaveLength(9)
    expect(Math.min(...added)).toBeGreaterThan(0)
    const inbound = { requests: 9, withheld: [], p50Us: added[4], p95Us: added[8], p99Us: added[8] }
    expect(tally.overheads()).toEqual([{ service: 'web', namespace: 'shop', inbound }])
  })

  test('each is two spans of the proxy, and the rest is the application’s time', () => {
    for (const trace of traces) {
      const { trees, split } = layOutTrace(trace)
      const whole = trees[0]?.span.durationUs
      expect(trees).toHaveLength(1)
      expect(split).toMatchObject({ network: 0, unseen: 0, 'control-plane': 0 })
      expect(split.proxy + split.application).toBe(whole)
      const look = { columns: 80, maxRows: 200, hasColour: false, hasUnicode: true }
      expect(printTrace(layOutTrace(trace), look)).toMatch(/^web {2}proxy in {2}\/.*▓─*▓? +\? /m)
    }
  })
})
