// docs/traces-at-work.md against the code of `trace` and `overhead`.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { asAscii } from '../../../src/cli/plain-text.ts'
import { layOutTrace } from '../../../src/cli/trace/lay-out-trace.ts'
import { traceReport } from '../../../src/cli/trace/trace-report.ts'
import { PART_LOOKS } from '../../../src/cli/trace/waterfall.ts'
import { WITHHELD_REASONS } from '../../../src/spans/request-overhead.ts'
import { root } from '../../source-files.ts'
import { madeSpan, madeTrace } from '../../spans/made-spans.ts'

const page = readFileSync(join(root, 'docs/traces-at-work.md'), 'utf8')
const [, trace = '', overhead = ''] = /\n## Trace\n(.*?)\n## Overhead\n(.*?)\n## /s.exec(page) ?? []

/** The words in backticks of the first cells of a section’s tables. */
function firstWords(section: string): string[] {
  const cells = section.split('\n').flatMap((line) => /^\| (`.*?) \|/.exec(line)?.[1] ?? [])
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word))
}

test('each reason for which a figure is withheld is there, in the order of the code', () => {
  expect(firstWords(overhead)).toEqual(Object.keys(WITHHELD_REASONS))
})

test('each letter of a bar is there, in ASCII too', () => {
  const letters = Object.values(PART_LOOKS).map(({ letter }) => letter)
  const documented = firstWords(trace).filter((word) => word.length === 1)
  const wanted = letters
    .filter((letter) => letter !== PART_LOOKS.wait.letter)
    .flatMap((letter) => [letter, asAscii(letter)])
  expect(documented.toSorted()).toEqual(wanted.toSorted())
})

test('each member of the JSON is there, those of a span included', () => {
  const report = traceReport(layOutTrace(madeTrace(madeSpan({ spanId: 'a' }))))
  const members = firstWords(trace).filter((word) => word.length > 1)
  expect(members.toSorted()).toEqual(Object.keys(report).toSorted())
  const { totals, clocks, spans } = report as Record<'totals' | 'clocks' | 'spans', object | object[]>
  for (const value of [totals, clocks, spans].flat()) {
    for (const member of Object.keys(value)) expect(trace).toContain(`\`${member}\``)
  }
})
