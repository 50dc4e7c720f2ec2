// docs/migrate.md against the code.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MIGRATE_EXIT } from '../../../src/cli/migrate/migrate-run.ts'
import { planMigration } from '../../../src/cli/migrate/plan-migration.ts'
import { planReport } from '../../../src/cli/migrate/plan-report.ts'
import { printPlan } from '../../../src/cli/migrate/print-plan.ts'
import { root } from '../../source-files.ts'
import { CLEAN, config, JAEGERS, roles, sender, TEMPO, WHOLE, webhook } from './found.ts'

const page = readFileSync(join(root, 'docs/migrate.md'), 'utf8')

/** The first cells of the table whose head begins with this. */
function firstCells(head: string): string[] {
  const [, table = ''] = page.split(`| ${head} |`)
  const rows = table.split('\n\n', 1)[0]?.split('\n').slice(2) ?? []
  return rows.map((row) => String(row.split('|')[1]).trim())
}

test('shows a plan as it is printed', () => {
  const tracing = { enabled: true, collector: { endpoint: TEMPO } }
  const facts = {
    ...CLEAN,
    webhooks: [webhook(false)],
    roles: roles().slice(0, 1),
    linkerdConfig: config({ proxy: { tracing } }),
    senders: [sender('books', 'webapp', [JAEGERS, false])],
  }
  expect(page).toContain(printPlan(planMigration(facts)))
})

test('has every exit code', () => {
  expect(firstCells('exit code').map(Number)).toEqual(Object.values(MIGRATE_EXIT))
})

test('has who does a step, in the words of the plan', () => {
  const { steps } = planMigration({ ...WHOLE, isInstalled: false })
  const { steps: told } = planReport({ findings: [], steps }) as { steps: { who: string }[] }
  expect(
    firstCells('column')
      .map((cell) => cell.replaceAll('`', ''))
      .toSorted(),
  ).toEqual([...new Set(told.map(({ who }) => who))].toSorted())
})

test('has the members of -o json', () => {
  const report = planReport(planMigration(WHOLE), { done: [], notes: [] }) as { steps: object[] }
  const members = firstCells('member').join(' ')
  for (const member of Object.keys({ ...report, left: {} })) expect(members).toContain(`\`${member}\``)
  const steps = page.split('\n').find((line) => line.startsWith('| `steps` |'))
  const names = new Set(report.steps.flatMap((step) => Object.keys(step)).filter((name) => name !== 'done'))
  for (const name of names) expect(steps).toContain(`\`${name}\``)
})
