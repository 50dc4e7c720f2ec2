import { objectOf, textOf } from '../../injection/json.ts'
import { entriesOf, nameOf } from '../check/entries.ts'
import { shownWorkload } from '../pod-coverage/workload.ts'
import type { FoundObject, FoundWebhook, MigrationFacts } from './migration-facts.ts'
import type { Finding, Step } from './migration-plan.ts'
import { isJaegerNamespace } from './old-collector.ts'
import { isBeingDeleted, livingOwner } from './owner.ts'
import { described, removalStep } from './removal.ts'

/** Takes the facts, gives what is there of linkerd-jaeger, installed or left over. Pure. */
export function jaegerFindings(facts: MigrationFacts): Finding[] {
  return [
    ...facts.webhooks.map((webhook) => webhookFinding(webhook, facts)),
    ...namespaceFindings(facts),
    ...roleFindings(facts),
  ]
}

function webhookFinding(webhook: FoundWebhook, facts: MigrationFacts): Finding {
  const services = webhook.services.map(({ name }) => name).join(', ') || 'none'
  // Whether something answers at an address outside of the cluster cannot be told.
  const urls = entriesOf(webhook.object).flatMap((entry) => textOf(objectOf(entry, 'clientConfig'), 'url') ?? [])
  const isLeft = urls.length === 0 && webhook.services.every(({ isThere }) => !isThere)
  const by = urls.length === 0 ? `the Service ${services}` : urls.join(', ')
  const state = isLeft
    ? `is left over: its Service ${services} is gone, and the API server ${inVain(webhook)}`
    : `gives new Pods the settings of linkerd-jaeger, by ${by}`
  const sentence = `${described(webhook)} ${state}${ownedBy(webhook, facts)}`
  if (!webhook.isOwn)
    return {
      sentence: `${sentence}; neither label nor name says that it is linkerd-jaeger’s`,
      steps: [lookStep(webhook)],
    }
  // What nobody answers can go at once; the other traces Pods until something else does.
  const needs = isLeft ? [] : (['installed'] as const)
  return { sentence, steps: [removalStep({ target: webhook, phase: 'webhook', needs }, facts)] }
}

/** What somebody has written that only leads to a Service of that name may be for something else. */
function lookStep(webhook: FoundWebhook): Step {
  const title = `look whether ${described(webhook)} is linkerd-jaeger’s, and delete it`
  const commands = [`kubectl delete mutatingwebhookconfiguration ${nameOf(webhook.object)}`]
  return { phase: 'webhook', needs: [], title, action: { do: 'by-hand', commands } }
}

/** By its chart it is ignored; who has said Fail gets no Pod any more. */
function inVain({ object }: FoundWebhook): string {
  const isFatal = entriesOf(object).some((entry) => textOf(entry, 'failurePolicy') !== 'Ignore')
  return isFatal ? 'refuses each new Pod that it cannot be asked about' : 'calls it in vain for each new Pod'
}

function namespaceFindings(facts: MigrationFacts): Finding[] {
  const namespaces = facts.namespaces.filter((one) => isJaegerNamespace(one) && !isBeingDeleted(one))
  return namespaces.flatMap((namespace) => {
    const name = nameOf(namespace)
    const within = facts.contents.filter(({ collection }) => collection.namespace === name)
    const tenants = facts.tenants.filter((workload) => workload.namespace === name).map(shownWorkload)
    // It is theirs now.
    if (within.length === 0 && tenants.length > 0) return []
    const removals = within.map((target) =>
      removalStep({ target, phase: 'remove', needs: ['installed', 'remove-jaeger'] }, facts),
    )
    return {
      sentence: `Namespace ${name} is there, with ${contentsText(within)}${tenantsText(tenants)}`,
      steps: [...removals, ...(tenants.length === 0 ? [deletionStep(name)] : [])],
    }
  })
}

function contentsText(within: readonly FoundObject[]): string {
  if (within.length === 0) return 'nothing of linkerd-jaeger within'
  const objects = within.length === 1 ? '1 object' : `${within.length} objects`
  const hasJaeger = within.some(({ kind, object }) => kind === 'Deployment' && nameOf(object) === 'jaeger')
  return `${objects} of linkerd-jaeger within${hasJaeger ? ', with the traces that its Jaeger keeps' : ''}`
}

function tenantsText(tenants: readonly string[]): string {
  return tenants.length === 0 ? '' : `; it has to stay, for others live in it: ${tenants.join(', ')}`
}

/** What is deleted with a Namespace cannot be told before, nor brought back: it is never done for anybody. */
function deletionStep(name: string): Step {
  const commands = [`kubectl get all,configmaps,secrets -n ${name}`, `kubectl delete namespace ${name}`]
  return {
    phase: 'end',
    title: `look whether anything is left in Namespace ${name}, and delete it`,
    needs: [],
    action: { do: 'by-hand', commands },
  }
}

function roleFindings(facts: MigrationFacts): Finding[] {
  const isLeft = facts.contents.length === 0
  return facts.roles.map((target) => ({
    sentence: `${described(target)} ${isLeft ? 'is left over from' : 'gives rights to'} linkerd-jaeger${ownedBy(target, facts)}`,
    steps: [removalStep({ target, phase: 'remove', needs: isLeft ? [] : ['installed', 'remove-jaeger'] }, facts)],
  }))
}

function ownedBy(target: FoundWebhook | MigrationFacts['roles'][number], facts: MigrationFacts): string {
  const owner = livingOwner(target.object, facts.namespaces)
  return owner === undefined ? '' : `; it belongs to ${owner.text}`
}
