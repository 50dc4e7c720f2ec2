import type { JsonObject } from '../../injection/json.ts'
import { INJECT } from '../../injection/metadata-names.ts'
import { NAMESPACES } from '../check/check-context.ts'
import { readInstallation } from '../pod-coverage/read-installation.ts'
import { changeLine, labelChange, type OptInTarget, optInHints, refusalOf } from './label-change.ts'
import type { OptInRun } from './opt-in-run.ts'
import { restartOptedIn } from './restart-opted-in.ts'

interface Found {
  readonly target: OptInTarget
  readonly namespace: JsonObject
}

/** Takes Namespaces, changes their labels, then sees to their workloads. Gives the exit code. */
export async function changeOptIn(run: OptInRun, targets: readonly OptInTarget[]): Promise<number> {
  const found = await findAll(run, targets)
  const hints = run.action === 'enable' ? await findHints(run, found) : []
  for (const one of found) await changeLabel(run, one)
  for (const hint of hints) run.warn(hint)
  return restartOptedIn(run, targets)
}

/** All of them are looked at before the first is changed: half of a list is worse than none of it. */
async function findAll({ view, action }: OptInRun, targets: readonly OptInTarget[]): Promise<Found[]> {
  const looked = await Promise.all(
    targets.map(async (target) => ({ target, namespace: await view.get(NAMESPACES, target.name) })),
  )
  const refusals = looked.flatMap(({ target, namespace }) => refusalOf({ action, target, namespace }) ?? [])
  if (refusals.length > 0) throw new Error(`${refusals.join('; ')}; nothing was changed`)
  return looked.flatMap(({ target, namespace }) => (namespace === undefined ? [] : [{ target, namespace }]))
}

async function findHints({ view, flags }: OptInRun, found: readonly Found[]): Promise<string[]> {
  const { linkerdNamespace } = flags
  const { settings, notes } = await readInstallation({ cluster: view, linkerdNamespace })
  const isLeftAlone = !settings.controlPlane && found.some(({ target }) => target.isControlPlane)
  return [
    ...notes,
    ...(isLeftAlone
      ? ['the installation leaves the control plane alone (--no-control-plane): no label changes that']
      : []),
    ...found.flatMap(({ target, namespace }) => optInHints(target, namespace)),
  ]
}

async function changeLabel({ action, changes, flags, tell }: OptInRun, { target, namespace }: Found): Promise<void> {
  const { dryRun = false } = flags
  const change = labelChange({ action, target, namespace })
  if (change !== undefined) {
    const merge = { metadata: { labels: { [INJECT]: change.to } } }
    await changes.merge({ collection: NAMESPACES, name: target.name, merge, dryRun })
  }
  tell(changeLine({ target, change, isDryRun: dryRun }))
}
