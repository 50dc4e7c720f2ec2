import { describe, expect, test } from 'vitest'
import { keepTraces } from '../../../src/cli/list-traces/kept-traces.ts'
import { summarizeTrace, type TraceSummary } from '../../../src/spans/trace-summary.ts'
import { expectGolden, runOnShop, SHOP } from '../read-traces/shop-run.ts'

const traces = (words: readonly string[]) => runOnShop(['traces', ...words])

/** By looking at all of them. */
const summaries = SHOP.map((trace) => summarizeTrace(trace)).filter((summary) => summary !== undefined)
const idsOf = (found: readonly { readonly traceId: string }[]) => found.map(({ traceId }) => traceId)
async function found(...words: readonly string[]) {
  return (JSON.parse((await traces([...words, '-o', 'json'])).stdout) as { found: TraceSummary[] }).found
}

describe('traces', () => {
  test.each([
    ['newest.txt', ['--limit', '5']],
    ['slowest-failed.txt', ['--sort', 'slowest', '--limit', '5', '--error', '-n', 'pay']],
    ['one.json', ['--limit', '1', '-o', 'json', '--service', 'payment']],
    ['control-plane.txt', ['--service', 'linkerd-identity', '--limit', '2']],
    ['control-plane.json', ['--service', 'linkerd-identity', '--limit', '1', '-o', 'json']],
    ['none.txt', ['--min-duration', '1h']],
  ])('prints %s', async (name, words) => {
    const { code, stdout, stderr } = await traces(words)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expectGolden(import.meta.dirname, name, stdout)
  })

  test('lists the newest of all, without reading all', async () => {
    const newest = summaries.toSorted((a, b) => b.startUs - a.startUs).slice(0, 10)
    expect(idsOf(await found('--limit', '10'))).toEqual(idsOf(newest))
    const { stdout } = await traces(['--limit', '10', '-o', 'json'])
    expect((JSON.parse(stdout) as { traces: number }).traces).toBeLessThan(SHOP.length)
  })

  test('lists the slowest of all', async () => {
    const slowest = summaries.toSorted((a, b) => b.durationUs - a.durationUs).slice(0, 10)
    expect(idsOf(await found('--limit', '10', '--sort', 'slowest'))).toEqual(idsOf(slowest))
  })

  test('a trace fits when one span has all that is asked for', async () => {
    const failed = SHOP.filter(({ spans }) =>
      spans.some(
        ({ isError, process: sender, tags }) => isError && sender.service === 'cart' && tags['direction'] === 'inbound',
      ),
    )
    const words = ['--error', '--service', 'cart', '-l', 'direction=inbound', '--limit', '999']
    expect(idsOf(await found(...words)).toSorted()).toEqual(idsOf(failed).toSorted())
    expect(failed.length).toBeGreaterThan(0)
  })

  test('says what it lacks: on stderr, and in the JSON', async () => {
    for (const output of ['table', 'json']) {
      const { code, stderr } = await traces(['--max-spans', '100', '--sort', 'slowest', '-o', output])
      expect({ code, stderr }).toMatchObject({
        code: 0,
        stderr: expect.stringMatching(/^note: there are more than 100 /),
      })
    }
    const { stdout } = await traces(['--max-spans', '100', '--sort', 'slowest', '-o', 'json'])
    expect(JSON.parse(stdout)).toMatchObject({ truncated: true })
  })

  test('durations are those of whole traces, both ends among them', async () => {
    const [first] = summaries
    const exactly = `${first?.durationUs}us`
    const of = summaries.filter(({ durationUs }) => durationUs === first?.durationUs)
    const words = ['--min-duration', exactly, '--max-duration', exactly, '--limit', '999']
    expect(idsOf(await found(...words)).toSorted()).toEqual(idsOf(of).toSorted())
  })

  test.each([
    [['--limit', '0'], 'error: --limit 0: must be a whole number above 0\n'],
    [['--min-duration', '5'], 'error: --min-duration 5: must be a duration such as 250ms, 1.5s or 2m\n'],
    [['--min-duration', '2s', '--max-duration', '1s'], 'error: --min-duration 2s is above --max-duration 1s\n'],
  ])('%j is told before anything is asked', async (words, message) => {
    expect(await traces(words)).toMatchObject({ code: 1, stderr: message, asked: [] })
  })
})

test('of many traces few are kept, and always the first', () => {
  const kept = keepTraces('slowest', 3)
  const [model] = summaries as [TraceSummary]
  for (let index = 0; index < 1_000; index++) kept.add({ ...model, durationUs: (index * 7919) % 1_000 })
  expect(kept.list().map(({ durationUs }) => durationUs)).toEqual([999, 998, 997])
  expect(kept.isSettled(0)).toBe(false)
})

test('the newest are known when enough of them began where all has been read', () => {
  const kept = keepTraces('newest', 2)
  const [model] = summaries as [TraceSummary]
  const SECOND_US = 1_000_000
  for (const seconds of [10, 30, 20]) kept.add({ ...model, startUs: seconds * SECOND_US })
  expect(kept.isSettled(25 * SECOND_US)).toBe(false)
  // Clocks are corrected: what has not been read may belong there by up to a second.
  expect(kept.isSettled(19.5 * SECOND_US)).toBe(false)
  expect(kept.isSettled(19 * SECOND_US)).toBe(true)
  expect(kept.list().map(({ startUs }) => startUs)).toEqual([30 * SECOND_US, 20 * SECOND_US])
})
