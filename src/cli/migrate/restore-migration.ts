import type { JsonObject } from '../../injection/json.ts'
import type { ClusterView } from '../../kubernetes/cluster-view.ts'
import { NAMESPACES } from '../check/check-context.ts'
import { nameOf } from '../check/entries.ts'
import type { BackedUpChange } from './backup.ts'
import { readBackup } from './backup-file.ts'
import { clusterUid, MIGRATE_EXIT, type MigrateRun } from './migrate-run.ts'
import { described } from './removal.ts'
import { restoreChanges } from './restore.ts'
import { demandRights, restoreRights } from './step-rights.ts'

/** Takes the file of a backup, brings back what it holds, when that is confirmed. Gives the exit code. */
export async function runRestore(run: MigrateRun, file: string): Promise<number> {
  const { flags, view: cluster, changes, tell, warn, print } = run
  const backup = await readBackup(file)
  if (backup.cluster !== (await clusterUid(cluster)))
    throw new Error(`--restore ${file}: it is of another cluster; nothing was changed`)
  const isDryRun = flags.dryRun === true
  const absent = await absentNamespaces(backup.namespaces, cluster)
  // The last is done first: before anything can be in a Namespace, that is there.
  const all = [...backup.changes, ...absent]
  await demandRights(cluster, restoreRights(all))
  if (!isDryRun && !(await isConfirmed(run, { all, file }))) {
    tell('nothing was changed')
    return MIGRATE_EXIT.left
  }
  if (!isDryRun) run.tellInterrupted(() => INTERRUPTED)
  const tried = isDryRun ? all.filter((change) => !isWithin(change, absent)) : all
  if (tried.length < all.length)
    warn(`what goes into ${absent.map(described).join(', ')} cannot be tried before that is there`)
  const outcomes = await restoreChanges(tried, { cluster, changes, isDryRun, tell, warn })
  if (flags.output === 'json') print(`${JSON.stringify({ restored: outcomes }, null, 2)}\n`)
  tell('Pods keep the settings that they have until they are made anew')
  return outcomes.some(({ outcome }) => outcome === 'foreign') ? MIGRATE_EXIT.left : MIGRATE_EXIT.nothing
}

const INTERRUPTED = 'what is not told above may not be as before; the same command goes on with what is left'

async function absentNamespaces(namespaces: readonly JsonObject[], cluster: ClusterView): Promise<BackedUpChange[]> {
  const found = await Promise.all(namespaces.map((one) => cluster.get(NAMESPACES, nameOf(one))))
  return namespaces
    .filter((_one, index) => found[index] === undefined)
    .map((object) => ({ do: 'delete', kind: 'Namespace', collection: NAMESPACES, object }))
}

interface Restoring {
  readonly all: readonly BackedUpChange[]
  readonly file: string
}

/** Whoever is asked sees what comes back: the file may be of last year. */
function isConfirmed({ flags, confirm, tell }: MigrateRun, { all, file }: Restoring): Promise<boolean> {
  const objects = all.length === 1 ? '1 object' : `${all.length} objects`
  if (flags.yes !== true) for (const change of all.toReversed()) tell(`  ${described(change)}`)
  return confirm({ question: `Bring ${objects} back as ${file} has them?`, isConfirmed: flags.yes === true })
}

function isWithin({ collection }: BackedUpChange, namespaces: readonly BackedUpChange[]): boolean {
  return namespaces.some(({ object }) => nameOf(object) === collection.namespace)
}
