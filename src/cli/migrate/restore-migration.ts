import { readBackup } from './backup-file.ts'
import { clusterUid, MIGRATE_EXIT, type MigrateRun } from './migrate-run.ts'
import { restoreChanges } from './restore.ts'
import { demandRights, restoreRights } from './step-rights.ts'

/** Takes the file of a backup, brings back what it holds, when that is confirmed. Gives the exit code. */
export async function runRestore(run: MigrateRun, file: string): Promise<number> {
  const { flags, view: cluster, changes, confirm, tell, warn, print } = run
  const backup = await readBackup(file)
  if (backup.cluster !== (await clusterUid(cluster)))
    throw new Error(`--restore ${file}: it is of another cluster; nothing was changed`)
  await demandRights(cluster, restoreRights(backup.changes))
  const isDryRun = flags.dryRun === true
  const objects = backup.changes.length === 1 ? '1 object' : `${backup.changes.length} objects`
  const question = `Bring ${objects} back as ${file} has them?`
  if (!isDryRun && !(await confirm({ question, isConfirmed: flags.yes === true }))) {
    tell('nothing was changed')
    return MIGRATE_EXIT.left
  }
  const outcomes = await restoreChanges(backup.changes, { cluster, changes, isDryRun, tell, warn })
  if (flags.output === 'json') print(`${JSON.stringify({ restored: outcomes }, null, 2)}\n`)
  tell('Pods keep the settings that they have until they are made anew')
  return outcomes.some(({ outcome }) => outcome === 'foreign') ? MIGRATE_EXIT.left : MIGRATE_EXIT.nothing
}
