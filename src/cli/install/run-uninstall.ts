import { toYaml } from '../../install/injector-manifests.ts'
import { removalManifests } from '../../install/removal-manifests.ts'
import type { CliContext } from '../context.ts'
import type { LinkerdFlags } from '../linkerd-flags.ts'
import { noteLine } from '../note-line.ts'
import { printable } from '../printable.ts'
import { decideValues } from './decide-values.ts'
import { listRemaining } from './list-remaining.ts'
import type { TypedFlags } from './read-install-values.ts'
import { valuesToRemove } from './values-to-remove.ts'

/**
 * Takes the flags that were typed, prints what `kubectl delete -f -` needs to stdout, and to stderr which workloads send
 * spans on. Throws as runInstall.
 */
export async function runUninstall(typed: TypedFlags, flags: LinkerdFlags, context: CliContext): Promise<void> {
  const said = await valuesToRemove(typed, flags, context)
  const { values, notes } = await decideValues(said, flags, context)
  for (const note of notes) context.stderr.write(noteLine(note))
  context.stdout.write(toYaml(removalManifests(values)))
  const { namespace, linkerdNamespace } = values
  const lines = await listRemaining({ flags, linkerdNamespace, namespace }, context)
  for (const [index, line] of lines.entries())
    context.stderr.write(index === 0 ? noteLine(line) : `${printable(line)}\n`)
}
