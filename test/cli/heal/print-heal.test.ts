// The cases of one gate each, as one plan: what a person sees of it, and what a program.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { healPlan, type MissedWorkload } from '../../../src/cli/heal/heal-plan.ts'
import { healReport } from '../../../src/cli/heal/heal-report.ts'
import { leftBlock, printHealPlan } from '../../../src/cli/heal/print-heal.ts'

const cases = join(import.meta.dirname, 'cases')
const missed: MissedWorkload[] = readdirSync(cases).map((file) => {
  const { expected: _, workload, ...facts } = parse(readFileSync(join(cases, file), 'utf8'))
  const named = { ...workload, name: `${workload.name}-${file.replace('.yaml', '')}` }
  return {
    untraced: 2,
    facts: { states: ['missed'], object: undefined, budgets: [], autoscalers: [], ...facts, workload: named },
  }
})
const plan = healPlan(missed)

/** Written anew with UPDATE_GOLDEN=1. */
function expectGolden(file: string, text: string): void {
  const path = join(import.meta.dirname, 'golden', file)
  if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(path, text)
  expect(text).toBe(readFileSync(path, 'utf8'))
}

test('a plan', () => {
  expectGolden('plan.txt', printHealPlan(plan, false))
})

test('a dry run of it', () => {
  expect(printHealPlan({ ...plan, left: [] }, true)).toMatch(
    /^Would be restarted one at a time, in this order:\n\nNAMESPACE {3}WORKLOAD/,
  )
})

test('a report', () => {
  const [first, second, third] = plan.steps.map(({ workload }) => workload)
  if (first === undefined || second === undefined || third === undefined) throw new Error('the plan has no steps')
  const left = [{ workload: third, because: 'a restart before it did not end well' }]
  const healing = { healed: [first], left, failed: { workload: second, because: 'no image' } }
  const report = healReport({ plan: { ...plan, left: plan.left.slice(0, 2) }, healing, notes: ['a note'] })
  expectGolden('report.json.txt', `${JSON.stringify(report, null, 2)}\n`)
})

test('nothing to restart, nothing left', () => {
  expect(printHealPlan({ steps: [], left: [] }, false)).toBe('No workload is to be restarted.\n')
})

test('what the cluster says cannot steer a terminal', () => {
  const workload = { namespace: 'shop', group: 'apps', kind: 'Deployment', name: 'evil\u001b[31m' }
  expect(leftBlock([{ workload, because: 'no\u001b[2J', command: 'kubectl \u001b[0m' }])).not.toContain('\u001b')
})
