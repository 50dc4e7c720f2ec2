import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type CheckOutput, createCheckPrinter } from '../../../src/cli/check/print-checks.ts'
import type { CheckReport } from '../../../src/cli/check/run-checks.ts'

const fine = { description: 'is fine', hint: 'fine', result: 'success' } as const
const ODD: CheckReport = {
  success: true,
  categories: [
    { name: 'kubernetes-api', lines: [fine, { ...fine, detail: 'v1.37.2' }] },
    {
      name: 'linkerd-tracing-config',
      lines: [fine, { description: 'is odd', hint: 'odd', result: 'warning', because: 'could not be checked: no' }],
    },
  ],
}
const BAD: CheckReport = {
  success: false,
  categories: [
    ...ODD.categories,
    { name: 'last', lines: [{ description: 'is bad', hint: 'bad', result: 'error', because: 'first\nsecond' }, fine] },
  ],
}
const GOOD: CheckReport = { success: true, categories: ODD.categories.slice(0, 1) }

function print(report: CheckReport, output: CheckOutput, hasColour = false): string {
  const printer = createCheckPrinter(output, hasColour)
  const lines = report.categories.flatMap(({ name, lines }) => lines.map((line) => printer.line(name, line)))
  return [...lines, printer.end(report)].join('')
}

const GOLDEN = join(import.meta.dirname, 'golden')
const cases = Object.entries({ good: GOOD, odd: ODD, bad: BAD }).flatMap(([name, report]) =>
  (['table', 'short', 'json'] as const).map((output) => ({ file: `${name}.${output}.txt`, report, output })),
)

describe('what is printed is what is in the golden files', () => {
  test.each(cases)('$file', async ({ file, report, output }) => {
    await expect(print(report, output)).toMatchFileSnapshot(join(GOLDEN, file))
  })

  test('each golden file has its case', () => {
    expect(readdirSync(GOLDEN).sort()).toEqual(cases.map(({ file }) => file).sort())
  })
})

test('on a terminal the signs have Linkerd’s colours, and nothing else has', () => {
  const text = print(BAD, 'table', true)
  for (const sign of ['\u001b[32;1m√', '\u001b[33;1m‼', '\u001b[31;1m×']) expect(text).toContain(`${sign}\u001b[0m `)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are
  expect(text.replace(/\u001b\[[\d;]*m/g, '')).toBe(print(BAD, 'table'))
  expect(print(BAD, 'json', true)).toBe(print(BAD, 'json'))
})

test('what a cluster says steers no terminal, and its lines stay lines', () => {
  const lines = [
    { ...fine, detail: 'v1\u009b2J' },
    { ...fine, result: 'error', because: 'a\u001b[2J\nb\u202e' } as const,
  ]
  const text = print({ success: false, categories: [{ name: 'x', lines }] }, 'table')
  expect(text).toContain('√ is fine (v1\\u009b2J)\n× is fine\n    a\\u001b[2J\n    b\\u202e\n    see ')
})
