import { expect, test } from 'vitest'
import { createMetrics } from '../../src/runtime/metrics.ts'
import { METRICS } from '../../src/runtime/metrics-table.ts'

test('every metric of the table is rendered, with its help and type, and no other of ours', async () => {
  const { text, contentType } = await createMetrics().render()
  expect(contentType).toMatch(/^text\/plain/)
  const ours = [...text.matchAll(/^# HELP (linkerd_tracing_\S+) (.*)$/gm)].map(([, name, help]) => [name, help])
  expect(ours.sort()).toEqual(
    Object.values(METRICS)
      .map(({ name, help }) => [name, help])
      .sort(),
  )
  expect(text).toContain('process_cpu_seconds_total')
})

test('decisions are counted by outcome, reason and dry run', async () => {
  const metrics = createMetrics()
  metrics.countDecision({ outcome: 'skipped', reason: 'not-meshed', dryRun: true, isRepeated: true })
  metrics.countDecision({ outcome: 'marked', dryRun: false, isRepeated: false })
  const { text } = await metrics.render()
  expect(text).toContain('linkerd_tracing_decisions_total{outcome="skipped",reason="not-meshed",dry_run="true"} 1')
  expect(text).toContain('linkerd_tracing_decisions_total{outcome="marked",reason="",dry_run="false"} 1')
  expect(text).toContain('linkerd_tracing_repeated_decisions_total 1')
})

test('a request is in flight until it has ended, and its time is observed then', async () => {
  const metrics = createMetrics()
  const end = metrics.startRequest()
  expect((await metrics.render()).text).toContain('linkerd_tracing_requests_in_flight 1')
  end()
  const { text } = await metrics.render()
  expect(text).toContain('linkerd_tracing_requests_in_flight 0')
  expect(text).toContain('linkerd_tracing_request_duration_seconds_count 1')
  expect(text).toContain('linkerd_tracing_request_duration_seconds_bucket{le="10"} 1')
})

test('bad requests by status, connections by why they were closed, and the certificate’s end in seconds', async () => {
  const metrics = createMetrics()
  metrics.countBadRequest(413)
  metrics.countClosedConnection('all-taken')
  metrics.setCertificateExpiry(new Date('2027-01-01T00:00:00Z'))
  const { text } = await metrics.render()
  expect(text).toContain('linkerd_tracing_bad_requests_total{status="413"} 1')
  expect(text).toContain('linkerd_tracing_connections_closed_total{reason="all-taken"} 1')
  expect(text).toContain('linkerd_tracing_certificate_expiry_timestamp_seconds 1798761600')
})

test('two servers in one process share nothing', async () => {
  const [one, other] = [createMetrics(), createMetrics()]
  one.countBadRequest(400)
  expect((await other.render()).text).not.toContain('status="400"')
})
