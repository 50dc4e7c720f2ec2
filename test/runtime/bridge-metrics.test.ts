import { expect, test } from 'vitest'
import { AGENT_RPCS, DROP_REASONS } from '../../src/bridge/bridge-reports.ts'
import { createBridgeMetrics } from '../../src/runtime/bridge-metrics.ts'
import { BRIDGE_METRICS } from '../../src/runtime/bridge-metrics-table.ts'

const create = () => createBridgeMetrics({ rpcs: AGENT_RPCS, dropReasons: DROP_REASONS })

test('every metric of the table is rendered, with its help, and no other of ours', async () => {
  const { text, contentType } = await create().render()
  expect(contentType).toMatch(/^text\/plain/)
  const ours = [...text.matchAll(/^# HELP (linkerd_tracing_\S+) (.*)$/gm)].map(([, name, help]) => [name, help])
  expect(ours.sort()).toEqual(
    Object.values(BRIDGE_METRICS)
      .map(({ name, help }) => [name, help])
      .sort(),
  )
  expect(text).toContain('process_cpu_seconds_total')
})

test('what may rise is there from the start', async () => {
  const { text } = await create().render()
  for (const reason of DROP_REASONS) expect(text).toContain(`bridge_spans_dropped_total{reason="${reason}"} 0`)
  for (const rpc of AGENT_RPCS) {
    expect(text).toContain(`bridge_streams{rpc="${rpc}"} 0`)
    expect(text).toContain(`bridge_streams_refused_total{rpc="${rpc}"} 0`)
    expect(text).toContain(`bridge_messages_total{rpc="${rpc}",result="invalid"} 0`)
  }
})

test('each report moves its own metric', async () => {
  const { reports, render } = create()
  reports.streamOpened('trace-export')
  reports.streamOpened('trace-export')
  reports.streamClosed('trace-export')
  reports.streamRefused('trace-config')
  reports.messageTaken('metrics-export', 'ok')
  reports.spansReceived(21)
  reports.ownStreamSpans(2)
  reports.invalidSpans(3)
  reports.spansSent(4)
  reports.spansDropped('refused', 5)
  reports.queueChanged(7, 700)
  reports.exportEnded('OK', 0.002)
  reports.collectorConnected(true)
  const { text } = await render()
  for (const sample of [
    'streams{rpc="trace-export"} 1',
    'streams_refused_total{rpc="trace-config"} 1',
    'messages_total{rpc="metrics-export",result="ok"} 1',
    'spans_received_total 21',
    'spans_own_stream_total 2',
    'spans_invalid_total 3',
    'spans_sent_total 4',
    'spans_dropped_total{reason="refused"} 5',
    'queue_spans 7',
    'queue_bytes 700',
    'exports_total{status="OK"} 1',
    'export_duration_seconds_bucket{le="0.0025"} 1',
    'export_duration_seconds_bucket{le="0.001"} 0',
    'collector_connected 1',
  ]) {
    expect(text).toContain(`linkerd_tracing_bridge_${sample}\n`)
  }
  reports.collectorConnected(false)
  expect((await render()).text).toContain('collector_connected 0')
})
