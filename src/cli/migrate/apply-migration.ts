import { awaitDecision } from '../opt-in/await-decision.ts'
import { type AppliedMigration, type ApplyParts, applySteps, MigrationStopped } from './apply-steps.ts'
import { backupOf } from './backup.ts'
import { backupName, writeBackup } from './backup-file.ts'
import { gatherFacts } from './gather-facts.ts'
import { howToGoOn } from './how-to-go-on.ts'
import { type Interrupted, interruptedText } from './interrupted-text.ts'
import { knownFacts } from './known-facts.ts'
import { clusterUid, MIGRATE_EXIT, type MigrateRun } from './migrate-run.ts'
import type { MigrationFacts } from './migration-facts.ts'
import type { MigrationPlan, Step } from './migration-plan.ts'
import { planMigration } from './plan-migration.ts'
import { planReport } from './plan-report.ts'
import { printPlan } from './print-plan.ts'
import { removalObstacle } from './sender-findings.ts'
import { demandRights, stepRights } from './step-rights.ts'
import { isDue } from './step-turn.ts'

/** Makes a plan, does the steps of it that are due, when that is confirmed, and says what is left. Gives the exit code. */
export async function runApply(run: MigrateRun): Promise<number> {
  const { flags, view, print } = run
  const facts = await look(run)
  const plan = planMigration(facts)
  if (flags.output === 'table') print(printPlan(plan))
  const due = dueSteps(plan, facts, run)
  const applied = await applyDue(run, { due, facts })
  if (applied === undefined) return MIGRATE_EXIT.left
  for (const note of applied.notes) run.warn(note)
  const left =
    applied.done.length === 0 || flags.dryRun === true
      ? plan
      : planMigration(await look({ ...run, view: view.renew() }))
  if (flags.output === 'json')
    print(`${JSON.stringify({ ...planReport(plan, applied), left: planReport(left) }, null, 2)}\n`)
  else if (applied.done.length > 0 && flags.dryRun !== true) print(`\nWhat is left:\n\n${printPlan(left)}`)
  return left.findings.length === 0 ? MIGRATE_EXIT.nothing : MIGRATE_EXIT.left
}

async function look({ view: cluster, flags, warn, onProgress }: MigrateRun): Promise<MigrationFacts> {
  const facts = await gatherFacts({ cluster, linkerdNamespace: flags.linkerdNamespace, onProgress })
  for (const note of facts.notes) warn(note)
  return facts
}

function dueSteps({ steps }: MigrationPlan, { isInstalled }: MigrationFacts, { flags }: MigrateRun): Step[] {
  const { restart = false, removeJaeger = false } = flags
  return steps.filter((step) => isDue(step, { isInstalled, restart, removeJaeger }))
}

type Applied = AppliedMigration & { readonly backup?: string }

interface Due {
  readonly due: readonly Step[]
  readonly facts: MigrationFacts
}

/** Undefined: a person has said no. */
async function applyDue(run: MigrateRun, { due, facts }: Due): Promise<Applied | undefined> {
  const { flags, view, confirm, tell } = run
  if (due.length === 0) {
    tell('no step is due: what is left is done by hand, or with more flags')
    return { done: [], notes: [] }
  }
  await demandRights(view, stepRights(due))
  const applying = { done: [], begun: undefined, left: due }
  let now: Interrupted = { flags, backup: undefined, applying, going: undefined }
  const onChange: OnChange = (change) => {
    now = { ...now, ...change }
  }
  if (flags.dryRun === true) return applySteps(due, applyParts(run, onChange))
  const steps = due.length === 1 ? '1 step' : `${due.length} steps`
  if (!(await confirm({ question: `Do ${steps} of these?`, isConfirmed: flags.yes === true }))) {
    tell('nothing was changed')
    return undefined
  }
  run.tellInterrupted(() => interruptedText(now))
  const backup = await keep(run, { due, facts })
  onChange({ backup })
  try {
    return { ...(await applySteps(due, applyParts(run, onChange))), ...(backup !== undefined && { backup }) }
  } catch (cause) {
    if (!(cause instanceof MigrationStopped)) throw cause
    throw new Error(`${cause.message}\n${howToGoOn({ flags, backup, once: 'that is mended' })}`, { cause })
  }
}

/** All of it is on the disk before the first change: who pulls the plug in the middle has it too. */
async function keep({ flags, view, tell }: MigrateRun, { due, facts }: Due): Promise<string | undefined> {
  const backup = backupOf({ steps: due, cluster: await clusterUid(view), facts })
  if (backup.changes.length === 0) return undefined
  const file = flags.backup ?? backupName(new Date())
  await writeBackup(file, backup)
  tell(`what is changed is kept in ${file}: linkerd-tracing migrate --restore ${file}`)
  return file
}

/** Told of what is another one now. */
type OnChange = (change: Partial<Interrupted>) => void

function applyParts(run: MigrateRun, onChange: OnChange): ApplyParts {
  const { flags, view: cluster, changes, clock, timeoutMs, tell, onProgress } = run
  const { linkerdNamespace } = flags
  return {
    ...{ cluster, changes, clock, timeoutMs, tell, onProgress, isDryRun: flags.dryRun === true },
    onGoing: (going) => onChange({ going }),
    onApplying: (applying) => onChange({ applying }),
    awaitDecision: (namespace) =>
      awaitDecision({ cluster, linkerdNamespace, namespace, action: 'enable', timeoutMs, clock }),
    removalObstacle: async () => removalObstacle(knownFacts(await look({ ...run, view: cluster.renew() }))),
  }
}
