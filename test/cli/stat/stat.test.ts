import { describe, expect, test } from 'vitest'
import type { Span } from '../../../src/spans/span.ts'
import { runInProcess } from '../cli-run.ts'
import { serve } from '../read-traces/served-jaeger.ts'
import { serveTraces } from '../read-traces/served-traces.ts'
import { expectGolden, runOnShop, SHOP, TIME } from '../read-traces/shop-run.ts'

const stat = (words: readonly string[], options: Parameters<typeof runOnShop>[1] = {}) =>
  runOnShop(['stat', ...words], options)
const golden = (name: string, text: string) => expectGolden(import.meta.dirname, name, text)

interface Row {
  readonly requests: number
  readonly errors: number
  readonly p50Us: number
  readonly p95Us: number
  readonly p99Us: number
}

/** Of a service of its own, with an end before its start, as Jaeger writes it. */
function unfinished(span: Span): Span {
  return {
    ...span,
    traceId: 'ff',
    isError: false,
    durationUs: 2 ** 64 - 5_000,
    process: { service: 'never', tags: {} },
  }
}

describe('stat', () => {
  test.each([
    ['services.txt', []],
    ['routes.txt', ['--by', 'route', '--sort', 'p99']],
    ['pay.txt', ['-n', 'pay', '--sort', 'errors']],
    ['control-plane.json', ['--control-plane', '-o', 'json']],
    ['cart.json', ['--service', 'cart', '--by', 'route', '-o', 'json']],
    ['labelled.txt', ['-l', 'app=catalog,http.response.status_code=200']],
    ['minute.txt', ['--since', '2026-11-28T10:03:00Z', '--until', '2026-11-28T10:04:00Z']],
    ['none.txt', ['--service', 'nobody']],
  ])('prints %s', async (name, words) => {
    const { code, stdout, stderr } = await stat(words)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    golden(name, stdout)
  })

  test.each([
    ['requests', ({ requests }: Row) => requests],
    ['errors', ({ errors }: Row) => errors],
    ['p50', ({ p50Us }: Row) => p50Us],
    ['p95', ({ p95Us }: Row) => p95Us],
    ['p99', ({ p99Us }: Row) => p99Us],
  ])('--sort %s has the largest first', async (order, figure) => {
    const { rows } = JSON.parse((await stat(['--sort', order, '-o', 'json'])).stdout) as { rows: Row[] }
    expect(rows.map(figure)).toEqual(rows.map(figure).toSorted((a, b) => b - a))
    expect(new Set(rows.map(figure)).size).toBeGreaterThan(2)
  })

  test('says the same where Jaeger has to be asked for one service after the other', async () => {
    const { stdout } = await stat([], { searchesAll: false })
    golden('services.txt', stdout)
  })

  test('says what it lacks: on stderr, and in the JSON', async () => {
    const table = await stat(['--max-spans', '100'])
    expect(table.stderr).toMatch(
      /^note: there are more than 100 spans \(--max-spans\)\nnote: complete is only what began at 2026-/,
    )
    const { stdout } = await stat(['--max-spans', '100', '-o', 'json'])
    expect(JSON.parse(stdout)).toMatchObject({
      truncated: true,
      shortfalls: ['there are more than 100 spans (--max-spans)'],
    })
  })

  test('has no percentiles where no request has a duration, and sorts such a service last', async () => {
    const [first] = SHOP
    const broken = { traceId: 'ff', spans: (first?.spans ?? []).map(unfinished) }
    const { stdout } = await stat(['--sort', 'p50', '-o', 'json'], { traces: [...SHOP, broken] })
    const { rows } = JSON.parse(stdout) as { rows: (Row & { service: string })[] }
    expect(rows.at(-1)).toMatchObject({ service: 'never', errors: 0, p50Us: null, p95Us: null, p99Us: null })
    expect((await stat(['--service', 'never'], { traces: [broken] })).stdout).toMatch(/^- +never +\d+ +0 +- +- +-$/m)
  })

  test('shows foreign names without what could steer a terminal', async () => {
    const odd = SHOP.slice(0, 1).map((trace) => ({
      ...trace,
      spans: trace.spans.map((span) => ({ ...span, process: { service: 'we\u001b[31mb', tags: {} } })),
    }))
    const { stdout } = await stat([], { traces: odd })
    expect(stdout).toContain('we\\u001b[31mb')
  })

  test('--watch looks again until a signal comes, also when Jaeger is away for a while', async () => {
    const traces = await serveTraces(SHOP.slice(0, 3))
    const run = runInProcess(['stat', ...TIME, '--watch', '-o', 'json', '--jaeger-url', traces.url])
    await expect.poll(() => run.stdout()).toMatch(/^\{.*\}\n$/)
    traces.close()
    await expect
      .poll(() => run.stderr(), { timeout: 20_000 })
      .toMatch(/^note: .* gives no answer: .*; looking again in 5 s\n$/)
    run.signals.emit('SIGINT')
    expect(await run.returned).toBe(0)
    expect(JSON.parse(run.stdout())).toMatchObject({ by: 'service', truncated: false })
  })

  test('--watch ends at once while Jaeger still searches', async () => {
    const silent = await serve(() => {})
    const run = runInProcess(['stat', '--watch', '--jaeger-url', silent.url])
    await expect.poll(() => silent.asked.length).toBeGreaterThan(0)
    run.signals.emit('SIGTERM')
    expect({ code: await run.returned, stderr: run.stderr() }).toEqual({ code: 0, stderr: '' })
    silent.close()
  })

  test('--watch ends with the error when there is nothing to see from the beginning', async () => {
    const run = runInProcess(['stat', '--watch', '--jaeger-url', 'http://127.0.0.1:1/jaeger'])
    expect(await run.returned).toBe(1)
    expect(run.stderr()).toContain('gives no answer')
  })

  test.each([
    [['--since', 'x'], 'error: --since x: must be a duration'],
    [['--max-spans', 'x'], 'error: --max-spans x: must be a whole number above 0\n'],
    [['-l', 'x'], 'error: -l x: must be key=value'],
  ])('%j is told before anything is asked', async (words, message) => {
    const { code, stderr, asked } = await stat(words)
    expect(code).toBe(1)
    expect(stderr).toContain(message)
    expect(asked).toEqual([])
  })
})
