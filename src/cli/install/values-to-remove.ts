import type { KeptValues } from '../../install/kept-values.ts'
import { ValuesError } from '../../install/values/value-mistake.ts'
import type { InstallValues } from '../../install/values/values-schema.ts'
import { findLayout } from '../check/installed-layout.ts'
import type { CliContext } from '../context.ts'
import type { LinkerdFlags } from '../linkerd-flags.ts'
import { askInTime } from './ask-in-time.ts'
import { findKeptValues } from './find-kept-values.ts'
import { readInstallValues, type TypedFlags } from './read-install-values.ts'

type Context = Pick<CliContext, 'env' | 'stderr' | 'stdin'>

/**
 * Takes the flags that were typed, gives the values of what is to be removed: what the installation was made with, where
 * that is kept, with the flags above it. So nothing stays that a forgotten flag has made. Throws as readInstallValues.
 */
export async function valuesToRemove(typed: TypedFlags, flags: LinkerdFlags, context: Context): Promise<InstallValues> {
  // Standard input is read once only.
  const isPiped = [typed['values']].flat().includes('-')
  const kept = isPiped ? undefined : await findKept(flags, context)
  if (kept === undefined) return readInstallValues(typed, context)
  const said = await readInstallValues(typed, context, [kept.layer]).catch(withoutKept)
  const isMeant = said?.namespace === kept.namespace
  return isMeant ? said : readInstallValues(typed, context)
}

interface Kept extends KeptValues {
  /** Where it is installed. */
  readonly namespace: string
}

/** Undefined also where no cluster can be asked, or who asks may not look: then the flags have to say it. */
async function findKept(flags: LinkerdFlags, context: Context): Promise<Kept | undefined> {
  const { linkerdNamespace } = flags
  try {
    return await askInTime(flags, context, async (cluster) => {
      const layout = await findLayout({ cluster, linkerdNamespace })
      const kept = layout && (await findKeptValues(cluster, layout.namespace))
      return layout && kept && { ...kept, namespace: layout.namespace }
    })
  } catch {
    return undefined
  }
}

/** Values that another version has kept may mean nothing to this one; what was typed is told without them too. */
function withoutKept(error: unknown): undefined {
  if (!(error instanceof ValuesError)) throw error
  return undefined
}
