import type { JsonObject } from '../../injection/json.ts'
import type { ClusterView } from '../../kubernetes/cluster-view.ts'
import { NAMESPACES } from '../check/check-context.ts'
import { nameOf } from '../check/entries.ts'
import { isEnding } from '../check/pod-readiness.ts'
import { joinOwners } from '../pod-coverage/collect-coverage.ts'
import { readInstallation } from '../pod-coverage/read-installation.ts'
import { podWorkload, type WorkloadName, workloadKey } from '../pod-coverage/workload.ts'
import { findContents, findRoles, findWebhooks } from './find-jaeger.ts'
import { createSenderGroups, type SenderSurroundings, senderOf } from './find-senders.ts'
import { findServices } from './find-services.ts'
import { findWorkloads } from './find-workloads.ts'
import type { FoundObject, MigrationFacts } from './migration-facts.ts'
import { namedCollectors } from './named-collectors.ts'
import { isJaegerNamespace } from './old-collector.ts'
import { isBeingDeleted } from './owner.ts'

export interface FactsQuestion {
  readonly cluster: ClusterView
  readonly linkerdNamespace: string
  /** Told of how far it is, in words. */
  readonly onProgress: (text: string) => void
}

/** Takes a cluster, gives all that a migration depends on. Rejects with ApiError, which names the right that lacks. */
export async function gatherFacts(question: FactsQuestion): Promise<MigrationFacts> {
  const { cluster, linkerdNamespace, onProgress } = question
  const { isInstalled, settings, notes } = await readInstallation({ cluster, linkerdNamespace })
  // Where it cannot be read its defaults would be taken: good for a table, not for what things are deleted by.
  if (isInstalled && notes.length > 0) throw new Error(notes.join('; '))
  onProgress('reading Namespaces')
  const namespaces: JsonObject[] = []
  await cluster.walk(NAMESPACES, (one) => namespaces.push(one), { metadataOnly: true })
  onProgress('looking for linkerd-jaeger')
  // What is in one that is being deleted goes with it.
  const jaegers = namespaces.filter((one) => isJaegerNamespace(one) && !isBeingDeleted(one)).map(nameOf)
  const [webhooks, roles, contents, linkerdConfig] = await Promise.all([
    findWebhooks(cluster),
    findRoles(cluster, linkerdNamespace),
    Promise.all(jaegers.map((name) => findContents(cluster, name))),
    cluster.get({ root: '/api/v1', plural: 'configmaps', namespace: linkerdNamespace }, 'linkerd-config'),
  ])
  onProgress('reading workloads')
  const templates = await findWorkloads(cluster, linkerdNamespace)
  const byName = new Map(namespaces.map((one) => [nameOf(one), one]))
  const pods = await readPods(question, { settings, namespaces: byName, within: jaegers, contents: contents.flat() })
  const facts = {
    ...{ linkerdNamespace, isInstalled, settings, namespaces, webhooks, roles, linkerdConfig },
    ...templates,
    ...pods,
  }
  // Each is asked for once, in whichever form addresses name it.
  const named = new Set(namedCollectors(facts).flatMap(({ service }) => service ?? []))
  const found = await findServices(cluster, named)
  return { ...facts, contents: contents.flat(), services: found.services, notes: [...facts.notes, ...found.notes] }
}

interface PodsQuestion extends SenderSurroundings {
  /** Where Pods of others are of interest. */
  readonly within: readonly string[]
  readonly contents: readonly FoundObject[]
}

async function readPods(
  { cluster, onProgress }: FactsQuestion,
  { within, contents, ...surroundings }: PodsQuestion,
): Promise<Pick<MigrationFacts, 'senders' | 'tenants' | 'notes'>> {
  const [senders, all] = [createSenderGroups(), createSenderGroups()]
  let seen = 0
  await cluster.walk({ root: '/api/v1', plural: 'pods' }, (pod) => {
    if (++seen % 100 === 0) onProgress(`${seen} Pods`)
    if (isEnding(pod)) return
    const sender = senderOf(pod, surroundings)
    if (sender !== undefined) senders.add(sender)
    const workload = podWorkload(pod)
    if (within.includes(workload.namespace)) all.add({ workload, addresses: [], doubled: [] })
  })
  const notes = await joinOwners({ cluster, onProgress }, senders)
  if (all.workloads().length > 0) await joinOwners({ cluster, onProgress }, all)
  const tenants = all.workloads().filter((workload) => !isAmong(workload, contents))
  return { senders: senders.senders(), tenants, notes }
}

function isAmong(workload: WorkloadName, contents: readonly FoundObject[]): boolean {
  const keys = contents.map(({ kind, collection, object }) =>
    workloadKey({ namespace: collection.namespace ?? '', group: 'apps', kind, name: nameOf(object) }),
  )
  return keys.includes(workloadKey(workload))
}
