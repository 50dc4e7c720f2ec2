import { toYaml } from '../../install/injector-manifests.ts'
import { removalManifests } from '../../install/removal-manifests.ts'
import type { CliContext } from '../context.ts'
import type { LinkerdFlags } from '../linkerd-flags.ts'
import { decideValues } from './decide-values.ts'
import { readInstallValues, type TypedFlags } from './read-install-values.ts'

/** Takes the flags that were typed, prints what `kubectl delete -f -` needs. Throws as runInstall. */
export async function runUninstall(typed: TypedFlags, flags: LinkerdFlags, context: CliContext): Promise<void> {
  const said = await readInstallValues(typed, context)
  const { values, notes } = await decideValues(said, flags, context)
  for (const note of notes) context.stderr.write(`note: ${note}\n`)
  context.stdout.write(toYaml(removalManifests(values)))
}
