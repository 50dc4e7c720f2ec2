// docs/status.md against the code.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { healReport } from '../../../src/cli/heal/heal-report.ts'
import { noPods, POD_STATES } from '../../../src/cli/pod-coverage/pod-state.ts'
import { printStatus } from '../../../src/cli/status/print-status.ts'
import { STATUS_EXIT } from '../../../src/cli/status/status-exit.ts'
import { statusReport } from '../../../src/cli/status/status-report.ts'
import { INSTALL } from '../../injection/samples.ts'
import { root } from '../../source-files.ts'

const page = readFileSync(join(root, 'docs/status.md'), 'utf8')

/** The first cells of the table whose head begins with this word, without their backticks. */
function firstCells(head: string): string[] {
  const lines = page.split('\n')
  const start = lines.findIndex((line) => line.startsWith(`| ${head} |`)) + 2
  const rows = lines.slice(
    start,
    lines.findIndex((line, index) => index > start && !line.startsWith('|')),
  )
  return rows.map((row) => String(row.split('|')[1]).trim().replaceAll('`', ''))
}

const installation = { isInstalled: true, settings: INSTALL, notes: [] }
const nothing = { installation, namespaces: [], totals: noPods(), notes: [] }

test('has every state, in the order of the code', () => {
  expect(firstCells('state')).toEqual([...POD_STATES])
})

test('has every exit code', () => {
  expect(firstCells('exit code').map(Number)).toEqual(Object.values(STATUS_EXIT))
})

test('has the members of -o json', () => {
  const members = firstCells('member').filter((member) => member !== 'workloads')
  expect(members.toSorted()).toEqual(Object.keys(statusReport(nothing)).toSorted())
})

test('shows the table as it is', () => {
  const [head] = printStatus(nothing, { hasColour: false, isDetailed: false }).split('\n')
  const shown = /^NAMESPACE +OPTED IN .*$/m.exec(page)?.[0] ?? ''
  expect(shown.split(/ {2,}/)).toEqual(head?.split(/ {2,}/))
})

test('has the members of -o json with --heal', () => {
  const report = healReport({ plan: { steps: [], left: [] }, notes: [] })
  expect(firstCells('in it')).toEqual(Object.keys(report))
})
