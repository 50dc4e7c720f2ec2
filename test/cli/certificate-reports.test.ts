// What happens to certificates is told in log, metrics and events, and never with a key.
import { expect, test } from 'vitest'
import { certificateReports } from '../../src/cli/certificate-reports.ts'
import type { EventText } from '../../src/kubernetes/write-event.ts'
import { createLogger } from '../../src/runtime/logger.ts'
import { createMetrics } from '../../src/runtime/metrics.ts'
import type { ServingCertificate } from '../../src/tls/serving-certificate.ts'

const KEY = 'a-key-that-nobody-may-read'

function start() {
  const lines: string[] = []
  const events: EventText[] = []
  const used: ServingCertificate[] = []
  const metrics = createMetrics()
  const log = createLogger('debug', { write: (line: string) => void lines.push(line) })
  const writeEvent = (event: EventText) => void events.push(event)
  const reports = certificateReports({ log, metrics, writeEvent, use: (certificate) => void used.push(certificate) })
  const metric = async (line: RegExp) => line.test((await metrics.render()).text)
  return { reports, lines, events, used, metric, metrics }
}
const reasons = (events: readonly EventText[]) => events.map(({ type, reason }) => `${type} ${reason}`)

test('a change that was made is counted and logged, and an event when it is not of every day', async () => {
  const { reports, events, lines, metric } = start()
  reports.onChange('issue-serving', 'written')
  reports.onChange('use-ca', 'written')
  reports.onChange('restore', 'written')
  reports.onChange('restore', 'conflict')
  expect(reasons(events)).toEqual(['Normal CaUsed', 'Warning SecretRestored'])
  expect(lines).toHaveLength(4)
  expect(await metric(/certificate_changes_total\{change="restore",result="conflict"\} 1/)).toBe(true)
})

test('a Secret that is missing is said once, and once more when it goes again', async () => {
  const { reports, events, metric } = start()
  for (const isMissing of [false, true, true, false, true]) reports.onSecretMissing(isMissing)
  expect(reasons(events)).toEqual(['Warning SecretMissing', 'Warning SecretMissing'])
  expect(await metric(/certificate_secret_missing 1/)).toBe(true)
})

test('damage is said once as long as it is the same', () => {
  const { reports, lines } = start()
  for (const damage of [[], ['a'], ['a'], ['b'], [], ['b']]) reports.onDamage(damage)
  expect(lines.map((line) => JSON.parse(line).damage)).toEqual([['a'], ['b'], ['b']])
})

test('what stands in the way is a warning and an event once, and a metric as long as it does', async () => {
  const { reports, lines, events, metric } = start()
  for (const obstacles of [[], ['old-cas'], ['old-cas'], ['ca-unsettled', 'old-cas'], [], ['old-cas']] as const) {
    reports.onObstacles(obstacles)
  }
  expect(reasons(events)).toEqual(['Warning CaNotAdded', 'Warning CaUnsettled', 'Warning CaNotAdded'])
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 'warn', reason: 'old-cas' },
    { level: 'warn', reason: 'ca-unsettled' },
    { level: 'warn', reason: 'old-cas' },
  ])
  expect(await metric(/certificate_renewal_stuck\{reason="old-cas"\} 1/)).toBe(true)
  expect(await metric(/certificate_renewal_stuck\{reason="ca-unsettled"\} 0/)).toBe(true)
  expect(await metric(/certificate_renewal_stuck\{reason="not-stored"\} 0/)).toBe(true)
})

test('a certificate is handed on, its dates are told, its key is not', async () => {
  const { reports, lines, used, metrics } = start()
  const certificate = { certPem: 'public', keyPem: KEY, notAfter: new Date(2e12) }
  reports.onServing(certificate, new Date(3e12))
  expect(used).toEqual([certificate])
  const { text } = await metrics.render()
  expect(text).toMatch(/ca_expiry_timestamp_seconds 3000000000/)
  expect(lines.join() + text).not.toContain(KEY)
})

test('bundles: each patch is counted, and a reset is an event that names the configuration', async () => {
  const { reports, events, metric } = start()
  reports.onBundleWritten('one', 'forbidden')
  reports.onBundleReset('one', 2)
  expect(reasons(events)).toEqual(['Warning CaBundleReset'])
  expect(events[0]?.message).toContain('one')
  expect(await metric(/ca_bundle_patches_total\{result="forbidden"\} 1/)).toBe(true)
  expect(await metric(/ca_bundle_resets_total 1/)).toBe(true)
})

test('a fault is an error in the log', () => {
  const { reports, lines } = start()
  reports.onFault(new Error('broken'))
  expect(JSON.parse(lines[0] ?? '{}')).toMatchObject({ level: 'error', err: { message: 'broken' } })
})
