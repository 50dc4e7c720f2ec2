import { describe, expect, test } from 'vitest'
import {
  type Check,
  type CheckCategory,
  type CheckOutcome,
  failure,
  failureForNow,
  failureUnlessEmpty,
  omitted,
  success,
  unchecked,
  warning,
} from '../../../src/cli/check/check.ts'
import { type CheckReport, runChecks } from '../../../src/cli/check/run-checks.ts'

/** The context is a number: how often it was renewed. */
type Numbered = Check<number>
const check = (
  description: string,
  run: (context: number) => CheckOutcome,
  more: Partial<Numbered> = {},
): Numbered => ({
  description,
  hint: description,
  run: async (context) => run(context),
  ...more,
})

interface Ran {
  readonly report: CheckReport
  readonly told: readonly string[]
  readonly waited: readonly string[]
  readonly pauses: readonly number[]
}

/** Runs with a clock on which only pauses pass. */
async function run(categories: readonly CheckCategory<number>[], waitMs = 0): Promise<Ran> {
  let time = 1_000
  const [told, waited, pauses]: [string[], string[], number[]] = [[], [], []]
  const report = await runChecks({
    categories,
    context: 0,
    renew: (context) => context + 1,
    waitMs,
    clock: {
      now: () => time,
      pause: async (ms) => {
        pauses.push(ms)
        time += ms
      },
    },
    onLine: (category, { description, result }) => told.push(`${category}: ${description}: ${result}`),
    onWaiting: ({ because }) => waited.push(because ?? ''),
  })
  return { report, told, waited, pauses }
}

const one = (...checks: Numbered[]) => [{ name: 'a', checks }]

describe('results', () => {
  test('each check becomes a line, told as it comes and kept in its category', async () => {
    const { report, told } = await run([
      { name: 'a', checks: [check('fine', () => success('by far')), check('odd', () => warning('a bit'))] },
      { name: 'b', checks: [check('bad', () => failure('it is'))] },
    ])
    expect(told).toEqual(['a: fine: success', 'a: odd: warning', 'b: bad: error'])
    expect(report).toEqual({
      success: false,
      categories: [
        {
          name: 'a',
          lines: [
            { description: 'fine', hint: 'fine', result: 'success', detail: 'by far' },
            { description: 'odd', hint: 'odd', result: 'warning', because: 'a bit' },
          ],
        },
        { name: 'b', lines: [{ description: 'bad', hint: 'bad', result: 'error', because: 'it is' }] },
      ],
    })
  })

  test('warnings are no failure', async () => {
    expect((await run(one(check('odd', () => warning('a bit'))))).report.success).toBe(true)
  })

  test.each<[string, () => CheckOutcome]>([
    ['says so', () => unchecked('no Namespace')],
    [
      'throws',
      () => {
        throw new Error('no Namespace')
      },
    ],
  ])('what could not be checked is a warning, never a success: a check that %s', async (_how, outcome) => {
    const { report } = await run(one(check('x', outcome)))
    expect(report.categories[0]?.lines).toMatchObject([
      { result: 'warning', because: 'could not be checked: no Namespace' },
    ])
  })

  test('what does not apply is not shown, nor a category that has nothing else', async () => {
    const { report, told } = await run([
      ...one(check('x', omitted)),
      { name: 'b', checks: [check('y', () => success())] },
    ])
    expect(told).toEqual(['b: y: success'])
    expect(report.categories.map(({ name }) => name)).toEqual(['b'])
  })

  test('several problems are one failure, none is none', () => {
    expect(failureUnlessEmpty(['a', 'b'], 'two')).toEqual(failure('a\nb'))
    expect(failureUnlessEmpty([], 'two')).toEqual(success('two'))
  })
})

describe('a fatal check', () => {
  const after = [check('after', () => success()), check('last', () => success())]

  test('that fails ends everything, later categories too', async () => {
    const fatal = check('fatal', () => failure('no'), { isFatal: true })
    const { told } = await run([...one(fatal, ...after), { name: 'b', checks: after }])
    expect(told).toEqual(['a: fatal: error'])
  })

  test.each([
    ['succeeds', success()],
    ['only warns', warning('odd')],
  ])('that %s ends nothing', async (_how, outcome) => {
    const fatal = check('fatal', () => outcome, { isFatal: true })
    expect((await run(one(fatal, ...after))).told).toHaveLength(3)
  })
})

describe('waiting', () => {
  test('what may still come true is asked again, of a new context, until it has', async () => {
    const late = check('late', (renewed) => (renewed < 3 ? failureForNow(`try ${renewed}`) : success()))
    const seen: number[] = []
    const next = check('next', (renewed) => {
      seen.push(renewed)
      return success()
    })
    const { told, waited, pauses } = await run(one(late, next), 60_000)
    expect(told).toEqual(['a: late: success', 'a: next: success'])
    expect(waited).toEqual(['try 0', 'try 1', 'try 2'])
    expect(pauses).toEqual([2_000, 2_000, 2_000])
    expect(seen).toEqual([3])
  })

  test('the time is for all checks together, and the last pause no longer than it', async () => {
    const never = (name: string) => check(name, (renewed) => failureForNow(`try ${renewed}`))
    const { report, pauses } = await run(one(never('x'), never('y')), 5_000)
    expect(pauses).toEqual([2_000, 2_000, 1_000])
    expect(report.categories[0]?.lines.map(({ because }) => because)).toEqual(['try 3', 'try 3'])
  })

  test('what cannot come true is not asked again', async () => {
    const { pauses } = await run(
      one(
        check('x', () => failure('no')),
        check('y', () => unchecked('no')),
      ),
      60_000,
    )
    expect(pauses).toEqual([])
  })

  test('without --wait nothing is asked again', async () => {
    expect((await run(one(check('x', () => failureForNow('not yet'))))).pauses).toEqual([])
  })
})
