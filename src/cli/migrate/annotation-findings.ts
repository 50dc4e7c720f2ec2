import { type JsonObject, objectOf, textOf } from '../../injection/json.ts'
import { COLLECTOR_ADDRESS, COLLECTOR_SERVICE_ACCOUNT } from '../../injection/metadata-names.ts'
import { quote } from '../../injection/quote.ts'
import { NAMESPACES } from '../check/check-context.ts'
import { nameOf } from '../check/entries.ts'
import { isRolled } from '../pod-coverage/restart-advice.ts'
import { type WorkloadName, workloadKey } from '../pod-coverage/workload.ts'
import { type CollectorKind, collectorKind } from './collector-kind.ts'
import type { KnownFacts } from './known-facts.ts'
import type { FoundObject } from './migration-facts.ts'
import type { Finding, Need, Step } from './migration-plan.ts'
import { tracedNamespaces } from './namespace-opt-in.ts'
import { isJaegerNamespace } from './old-collector.ts'
import { livingOwner, type Owner } from './owner.ts'
import { described } from './removal.ts'
import { templateMetadata, wrapped } from './template-annotations.ts'

/** Takes the facts, gives the annotations that would have new Pods send spans to a collector that goes, or is gone. Pure. */
export function annotationFindings(facts: KnownFacts): Finding[] {
  const traced = tracedNamespaces(facts)
  return oldAnnotations(facts).map((annotated) => annotationFinding(annotated, { facts, traced }))
}

/**
 * Takes the facts, gives whose annotations stay until somebody else takes them away: Namespaces by their name, workloads by
 * their key. What is made anew before has them again. Pure.
 */
export function lastingAnnotations(facts: KnownFacts): ReadonlySet<string> {
  const traced = tracedNamespaces(facts)
  const lasting = oldAnnotations(facts).filter((annotated) => handReason(annotated, { facts, traced }) !== undefined)
  return new Set(
    lasting.map(({ target }) =>
      target.kind === 'Namespace' ? nameOf(target.object) : workloadKey(workloadOf(target)),
    ),
  )
}

interface OldAnnotations {
  readonly target: FoundObject
  readonly kind: Exclude<CollectorKind, 'other'>
  readonly annotations: JsonObject | undefined
}

function oldAnnotations(facts: KnownFacts): OldAnnotations[] {
  const namespaces = facts.namespaces
    .filter((one) => !isJaegerNamespace(one))
    .map((object): FoundObject => ({ kind: 'Namespace', collection: NAMESPACES, object }))
  return [...namespaces, ...facts.annotated].flatMap((target) => {
    const annotations = objectOf(templateMetadata(target), 'annotations')
    const kind = kindOf(annotations, target, facts)
    return kind === 'other' ? [] : [{ target, kind, annotations }]
  })
}

interface Surroundings {
  readonly facts: KnownFacts
  /** The Namespaces whose new Pods are traced by then. */
  readonly traced: ReadonlySet<string>
}

/** Why the annotations are not ours to take away. */
function handReason(
  { target, kind }: OldAnnotations,
  { facts, traced }: Surroundings,
): Owner | 'gone' | 'untraced' | undefined {
  const owner = livingOwner(target.object, facts.namespaces)
  if (owner !== undefined) return owner
  // Nobody but who wrote it knows what an address of a missing Service is meant to be.
  if (kind === 'gone') return 'gone'
  // Pods are made anew by it, and nothing of ours would trace them: whoever has opted out chooses when.
  const workload = workloadOf(target)
  return isRolled(workload) && !traced.has(workload.namespace) ? 'untraced' : undefined
}

function annotationFinding(annotated: OldAnnotations, surroundings: Surroundings): Finding {
  const { target, kind, annotations } = annotated
  const told = [COLLECTOR_ADDRESS, COLLECTOR_SERVICE_ACCOUNT].filter((name) => textOf(annotations, name) !== undefined)
  const values = told.map((name) => `${name}: ${quote(textOf(annotations, name) ?? '')}`).join(', ')
  const what = kind === 'jaeger' ? 'the collector of linkerd-jaeger' : 'a collector whose Service is gone'
  const sentence = `${described(target)} has annotations for ${what}: ${values}`
  const title = `take the annotations ${told.join(' and ')} from ${described(target)}`
  const reason = handReason(annotated, surroundings)
  if (reason === undefined) return { sentence, steps: [changeStep({ target, told, title, annotations })] }
  const step = { phase: 'annotation', needs: [], title } as const
  if (typeof reason === 'string')
    return { sentence, steps: [{ ...step, action: { do: 'by-hand', commands: [removalCommand(target, told)] } }] }
  return {
    sentence: `${sentence}; it belongs to ${reason.text}, whose source has to change`,
    steps: [{ ...step, owner: reason, action: { do: 'by-hand', commands: [] } }],
  }
}

/** Without an address the account is that of linkerd-jaeger's collector; with one it goes by the address. */
function kindOf(annotations: JsonObject | undefined, target: FoundObject, facts: KnownFacts): CollectorKind {
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
  const workload = workloadOf(target)
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

function workloadOf({ kind, collection, object }: FoundObject): WorkloadName {
  const group = collection.root.split('/')[2] ?? ''
  return { namespace: collection.namespace ?? '', group, kind, name: nameOf(object) }
}

function removalCommand(target: FoundObject, told: readonly string[]): string {
  const name = nameOf(target.object)
  if (target.kind === 'Namespace') return `kubectl annotate namespace ${name} ${told.map((one) => `${one}-`).join(' ')}`
  const merge = wrapped(target, { annotations: Object.fromEntries(told.map((one) => [one, null])) })
  const place = `${target.kind.toLowerCase()} ${name} -n ${target.collection.namespace}`
  return `kubectl patch ${place} --type merge -p '${JSON.stringify(merge)}'`
}
