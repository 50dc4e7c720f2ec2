// The command over HTTP, as a person calls it.
import { afterEach, expect, test } from 'vitest'
import { shopTraces } from '../../traces/shop-traces.ts'
import { runInProcess } from '../cli-run.ts'
import type { ServedJaeger } from '../read-traces/served-jaeger.ts'
import { serveTraces } from '../read-traces/served-traces.ts'

const shop = shopTraces({ spans: 500 })
const TIMES = ['--since', '2026-11-28T10:00:00Z', '--until', '2026-11-28T11:00:00Z']

let jaeger: ServedJaeger | undefined
afterEach(() => jaeger?.close())

async function overhead(words: readonly string[]) {
  jaeger = await serveTraces(shop.traces)
  const run = runInProcess(['overhead', '--jaeger-url', jaeger.url, ...words])
  return { code: await run.returned, stdout: run.stdout(), stderr: run.stderr() }
}

interface Report {
  readonly traces: number
  readonly services: readonly { readonly service: string; readonly inbound: { readonly requests: number } | null }[]
}

test('a table of all services, by default', async () => {
  const { code, stdout, stderr } = await overhead(TIMES)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^NAMESPACE +SERVICE +PROXY +REQUESTS +P50 +P95 +P99 +WITHHELD\n/)
  expect(stdout).toMatch(/^shop +web +outbound +\d+ +\d+ µs /m)
})

test.each([
  [
    ['-n', 'pay'],
    ['linkerd-proxy', 'payment'],
  ],
  [['--service', 'cart'], ['cart']],
  [
    ['-n', 'shop', '-l', 'k8s.node.name=node-b'],
    ['cart', 'web'],
  ],
  [['-l', 'url.path=/checkout'], ['web']],
])('as JSON, only what %j means', async (words, services) => {
  const { code, stdout } = await overhead([...TIMES, ...words, '-o', 'json'])
  expect(code).toBe(0)
  expect((JSON.parse(stdout) as Report).services.map(({ service }) => service)).toEqual(services)
})

test('only requests of the time that is asked for count, whatever else their traces have', async () => {
  const times = ['--since', '2026-11-28T10:00:00Z', '--until', '2026-11-28T10:05:00Z']
  const requests = async (words: readonly string[]) => {
    const report = JSON.parse((await overhead([...words, '-o', 'json'])).stdout) as Report
    return report.services.reduce((sum, { inbound }) => sum + (inbound?.requests ?? 0), 0)
  }
  const [half, all] = [await requests(times), await requests(TIMES)]
  expect(half).toBeGreaterThan(0)
  expect(half).toBeLessThan(0.8 * all)
})

test('what is lacking is told on stderr', async () => {
  const { stderr } = await overhead([...TIMES, '--max-spans', '100'])
  expect(stderr).toContain('note: there are more than 100 spans (--max-spans)\nnote: complete is only what began at ')
})

test('a mistake is told before anybody is asked', async () => {
  const run = runInProcess(['overhead', '--since', 'yesterday', '--jaeger-url', 'http://127.0.0.1:1'])
  expect(await run.returned).toBe(1)
  expect(run.stderr()).toContain('error: --since yesterday: must be a duration')
})
