import { describeObject } from '../check/wanted-objects.ts'
import type { FoundObject, MigrationFacts } from './migration-facts.ts'
import type { Need, Phase, Step } from './migration-plan.ts'
import { livingOwner, type Owner } from './owner.ts'

export interface Removal {
  readonly target: FoundObject
  readonly phase: Phase
  readonly needs: readonly Need[]
}

/**
 * Takes an object that has to go, gives the step that has it gone: ours to delete where it is nobody's, its owner's
 * otherwise. What one release of Helm owns is one step, whatever comes of it. Pure.
 */
export function removalStep({ target, phase, needs }: Removal, facts: Pick<MigrationFacts, 'namespaces'>): Step {
  const owner = livingOwner(target.object, facts.namespaces)
  if (owner === undefined)
    return { phase, needs, title: `delete ${described(target)}`, action: { do: 'delete', target } }
  return { ...ownersStep(owner, described(target)), phase: 'remove', owner }
}

/** Takes an object, gives how people name it: `ClusterRole linkerd-jaeger-injector`. Pure. */
export function described({ kind, object }: FoundObject): string {
  return describeObject({ ...object, kind })
}

function ownersStep({ text, release }: Owner, what: string): Omit<Step, 'phase'> {
  if (release === undefined)
    return { title: `take ${what} out of what ${text} applies`, needs: [], action: { do: 'by-hand', commands: [] } }
  const commands = [`helm uninstall ${release.name} -n ${release.namespace}`]
  return { title: `uninstall what belongs to ${text}`, needs: [], action: { do: 'by-hand', commands } }
}
