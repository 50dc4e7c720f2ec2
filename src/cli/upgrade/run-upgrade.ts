import manifest from '../../../package.json' with { type: 'json' }
import { type DecidedValues, installManifests } from '../../install/install-manifests.ts'
import { type KeptValues, withKeptValues } from '../../install/kept-values.ts'
import { KEPT_VALUES } from '../../install/object-names.ts'
import { readValues } from '../../install/values/read-values.ts'
import type { InstallValues } from '../../install/values/values-schema.ts'
import type { Manifest } from '../../install/webhook-configurations.ts'
import type { ClusterView } from '../../kubernetes/cluster-view.ts'
import { demandLayout } from '../check/installed-layout.ts'
import type { CliContext } from '../context.ts'
import { decideValues } from '../install/decide-values.ts'
import { findKeptValues } from '../install/find-kept-values.ts'
import { printAndWait } from '../install/print-and-wait.ts'
import { readInstallValues, type TypedFlags } from '../install/read-install-values.ts'
import type { WaitFlag } from '../install/wait-option.ts'
import type { LinkerdFlags } from '../linkerd-flags.ts'
import { noteLine } from '../note-line.ts'
import { openCluster } from '../open-cluster.ts'
import { printable } from '../printable.ts'
import { progressOn, whileShowing } from '../show-progress.ts'
import { describeChanges } from './describe-changes.ts'
import { findChanges } from './find-changes.ts'

/** An upgrade that cannot be made; the message says what to do instead. */
export class UpgradeError extends Error {
  override readonly name = 'UpgradeError'
}

/**
 * Takes the flags that were typed and those of every extension, prints the manifests to stdout and what they change to
 * stderr. Throws UpgradeError, and what install throws for values that are wrong.
 */
export async function runUpgrade(
  typed: TypedFlags,
  flags: LinkerdFlags & WaitFlag,
  context: CliContext,
): Promise<void> {
  const { view: cluster, close } = openCluster(flags, context)
  try {
    const { linkerdNamespace } = flags
    const progress = progressOn(context.stderr)
    const { installed, kept } = await whileShowing(progress, 'looking for the installation', async () => {
      const { namespace } = await demandLayout({ cluster, linkerdNamespace })
      return { installed: namespace, kept: await readKept(cluster, namespace) }
    })
    const said = await readInstallValues(typed, context, [kept.layer])
    if (said.namespace !== installed) throw new UpgradeError(movedMessage(said.namespace, installed))
    const { values, notes } = await decideValues(said, flags, context)
    const manifests = withKeptValues(installManifests(values), said)
    const changes = await whileShowing(progress, 'comparing with what is in the cluster', () =>
      findChanges(cluster, manifests, formerManifests(kept, values)),
    )
    const told = [
      ...notes.map(noteLine),
      ...(kept.version === manifest.version ? [] : [`version: ${printable(kept.version)} → ${manifest.version}\n`]),
      describeChanges(changes),
    ].join('')
    await printAndWait({ manifests, notes: told }, flags, context)
  } finally {
    close()
  }
}

async function readKept(cluster: ClusterView, namespace: string): Promise<KeptValues> {
  const kept = await findKeptValues(cluster, namespace)
  if (kept !== undefined) return kept
  throw new UpgradeError(
    `ConfigMap ${namespace}/${KEPT_VALUES} is not there: what was installed by Helm, kustomize or an older version is upgraded by the same means, or by install with all its flags`,
  )
}

function movedMessage(wanted: string, installed: string): string {
  return `the installation is in Namespace ${installed}, and cannot be moved to ${wanted} by an upgrade: uninstall it there first`
}

/** What the kept values stand for today, questions answered as for the new ones; none where they are not valid any more. */
function formerManifests({ layer }: KeptValues, { policy, clusterDomain }: DecidedValues): Manifest[] {
  const reading = readValues([layer])
  if (!('values' in reading)) return []
  const former: InstallValues = reading.values
  return installManifests({ ...former, policy: former.policy === 'auto' ? policy : former.policy, clusterDomain })
}
