import { type JsonObject, objectOf, textOf } from '../../injection/json.ts'
import { COLLECTOR_ADDRESS, COLLECTOR_SERVICE_ACCOUNT } from '../../injection/metadata-names.ts'
import { quote } from '../../injection/quote.ts'
import { NAMESPACES } from '../check/check-context.ts'
import { nameOf } from '../check/entries.ts'
import { isRolled } from '../pod-coverage/restart-advice.ts'
import type { FoundObject, MigrationFacts } from './migration-facts.ts'
import type { Finding, Need, Step } from './migration-plan.ts'
import { type CollectorKind, collectorKind, isJaegerNamespace } from './old-collector.ts'
import { livingOwner } from './owner.ts'
import { described } from './removal.ts'
import { templateMetadata, wrapped } from './template-annotations.ts'

/** Takes the facts, gives the annotations that would have new Pods send spans to a collector that goes, or is gone. Pure. */
export function annotationFindings(facts: MigrationFacts): Finding[] {
  const namespaces = facts.namespaces
    .filter((one) => !isJaegerNamespace(one))
    .map((object): FoundObject => ({ kind: 'Namespace', collection: NAMESPACES, object }))
  return [...namespaces, ...facts.annotated].flatMap((target) => annotationFinding(target, facts))
}

function annotationFinding(target: FoundObject, facts: MigrationFacts): Finding[] {
  const annotations = objectOf(templateMetadata(target), 'annotations')
  const kind = kindOf(annotations, target, facts)
  if (kind === 'other') return []
  const told = [COLLECTOR_ADDRESS, COLLECTOR_SERVICE_ACCOUNT].filter((name) => textOf(annotations, name) !== undefined)
  const values = told.map((name) => `${name}: ${quote(textOf(annotations, name) ?? '')}`).join(', ')
  const what = kind === 'jaeger' ? 'the collector of linkerd-jaeger' : 'a collector whose Service is gone'
  const owner = livingOwner(target.object, facts.namespaces)
  const sentence = `${described(target)} has annotations for ${what}: ${values}`
  const title = `take the annotations ${told.join(' and ')} from ${described(target)}`
  const byHand = (commands: readonly string[]): Step[] => [
    { phase: 'annotation', needs: [], title, action: { do: 'by-hand', commands } },
  ]
  if (owner !== undefined)
    return [{ sentence: `${sentence}; it belongs to ${owner.text}, whose source has to change`, steps: byHand([]) }]
  // Nobody but who wrote it knows what an address of a missing Service is meant to be.
  if (kind === 'gone') return [{ sentence, steps: byHand([removalCommand(target, told)]) }]
  return [{ sentence, steps: [changeStep({ target, told, title, annotations })] }]
}

/** Without an address the account is that of linkerd-jaeger's collector; with one it goes by the address. */
function kindOf(annotations: JsonObject | undefined, target: FoundObject, facts: MigrationFacts): CollectorKind {
  const address = textOf(annotations, COLLECTOR_ADDRESS)
  const podNamespace = target.collection.namespace ?? nameOf(target.object)
  if (address !== undefined) return collectorKind(facts, { address, podNamespace })
  const [account, namespace] = (textOf(annotations, COLLECTOR_SERVICE_ACCOUNT) ?? '').split('.')
  if (account !== 'collector') return 'other'
  return namespace === undefined ||
    collectorKind(facts, { address: `collector.${namespace}:1`, podNamespace }) === 'jaeger'
    ? 'jaeger'
    : 'other'
}

interface AnnotationChange {
  readonly target: FoundObject
  readonly told: readonly string[]
  readonly title: string
  readonly annotations: JsonObject | undefined
}

function changeStep({ target, told, title, annotations }: AnnotationChange): Step {
  const patch = (become: (name: string) => unknown) =>
    wrapped(target, { annotations: Object.fromEntries(told.map((name) => [name, become(name)])) })
  const workload = {
    namespace: target.collection.namespace ?? '',
    group: 'apps',
    kind: target.kind,
    name: nameOf(target.object),
  }
  const hasPods = isRolled(workload)
  const needs: Need[] = hasPods ? ['installed', 'restart'] : ['installed']
  const action = { do: 'change', target, merge: patch(() => null), undo: patch((name) => annotations?.[name]) } as const
  return {
    phase: hasPods ? 'restart' : 'annotation',
    needs,
    title,
    action: { ...action, ...(hasPods && { rollout: workload }) },
  }
}

function removalCommand(target: FoundObject, told: readonly string[]): string {
  const name = nameOf(target.object)
  if (target.kind === 'Namespace') return `kubectl annotate namespace ${name} ${told.map((one) => `${one}-`).join(' ')}`
  const merge = wrapped(target, { annotations: Object.fromEntries(told.map((one) => [one, null])) })
  const place = `${target.kind.toLowerCase()} ${name} -n ${target.collection.namespace}`
  return `kubectl patch ${place} --type merge -p '${JSON.stringify(merge)}'`
}
