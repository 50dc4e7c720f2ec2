import type { CliContext } from '../context.ts'
import { runApply } from './apply-migration.ts'
import { flagMistake } from './flag-mistake.ts'
import { gatherFacts } from './gather-facts.ts'
import { MIGRATE_EXIT, type MigrateFlags, type MigrateRun, withMigrateRun } from './migrate-run.ts'
import { planMigration } from './plan-migration.ts'
import { planReport } from './plan-report.ts'
import { printPlan } from './print-plan.ts'
import { runRestore } from './restore-migration.ts'

/**
 * Takes the flags of `migrate`, says what is left of other ways of tracing and what to do about it; only with `--apply` or
 * `--restore` is anything changed. Gives the exit code.
 */
export async function runMigrate(flags: MigrateFlags, context: CliContext): Promise<number> {
  const mistake = flagMistake(flags)
  if (mistake !== undefined) throw new Error(mistake)
  return withMigrateRun(flags, context, async (run) => {
    if (flags.restore !== undefined) return runRestore(run, flags.restore)
    return flags.apply === true ? runApply(run) : showPlan(run)
  })
}

async function showPlan({ view: cluster, flags, print, warn, onProgress }: MigrateRun): Promise<number> {
  const facts = await gatherFacts({ cluster, linkerdNamespace: flags.linkerdNamespace, onProgress })
  for (const note of facts.notes) warn(note)
  const plan = planMigration(facts)
  print(flags.output === 'json' ? `${JSON.stringify(planReport(plan), null, 2)}\n` : printPlan(plan))
  return plan.findings.length === 0 ? MIGRATE_EXIT.nothing : MIGRATE_EXIT.left
}
