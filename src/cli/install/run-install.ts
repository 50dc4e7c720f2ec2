import { installManifests } from '../../install/install-manifests.ts'
import { withKeptValues } from '../../install/kept-values.ts'
import { isSeedLayout } from '../../install/layout.ts'
import { COLLECTOR, JAEGER } from '../../install/object-names.ts'
import type { InstallValues } from '../../install/values/values-schema.ts'
import type { CliContext } from '../context.ts'
import type { LinkerdFlags } from '../linkerd-flags.ts'
import { noteLine } from '../note-line.ts'
import { decideValues } from './decide-values.ts'
import { printAndWait } from './print-and-wait.ts'
import { readInstallValues, type TypedFlags } from './read-install-values.ts'
import type { WaitFlag } from './wait-option.ts'

/**
 * Takes the flags that were typed and those of every extension, prints all manifests to stdout, and notes for a person to
 * stderr. Throws errors whose message says what is wrong with the values; then nothing was printed.
 */
export async function runInstall(
  typed: TypedFlags,
  flags: LinkerdFlags & WaitFlag,
  context: CliContext,
): Promise<void> {
  const said = await readInstallValues(typed, context)
  const { values, notes } = await decideValues(said, flags, context)
  const told = [...notes, ...seedNotes(values)].map(noteLine).join('')
  const manifests = withKeptValues(installManifests(values), said)
  await printAndWait({ manifests, notes: told }, flags, context)
}

/** There the forward entry hands Pods to Linkerd's injector, and at a first install the Pods come before that entry. */
function seedNotes(values: InstallValues): string[] {
  if (!isSeedLayout(values)) return []
  const workloads = [COLLECTOR, ...(values.jaeger.storage === 'none' ? [] : [JAEGER])].map((name) => `deploy/${name}`)
  return [
    `at a first install into Linkerd’s own namespace, restart the collector once the injector is ready, so that it gets its proxy: kubectl -n ${values.namespace} rollout restart ${workloads.join(' ')}`,
  ]
}
