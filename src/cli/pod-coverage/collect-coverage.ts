import { type JsonObject, objectOf, textOf } from '../../injection/json.ts'
import type { ClusterView } from '../../kubernetes/cluster-view.ts'
import { NAMESPACES } from '../check/check-context.ts'
import { nameOf } from '../check/entries.ts'
import { isEnding } from '../check/pod-readiness.ts'
import { judgePod } from './judge-pod.ts'
import { type KnownNamespace, knownNamespace } from './known-namespace.ts'
import { type PodCounts, sumCounts } from './pod-state.ts'
import { type Installation, readInstallation } from './read-installation.ts'
import { MIDDLE_KINDS, ownerOf, podWorkload, type WorkloadName } from './workload.ts'
import { type CoverageGroups, createCoverageGroups, type WorkloadCoverage } from './workload-coverage.ts'

export interface CoverageQuestion {
  readonly cluster: ClusterView
  readonly linkerdNamespace: string
  /** Absent: all of them. */
  readonly namespaces?: readonly string[] | undefined
  /** What the opt-in label of each Namespace is taken to be, whatever it is. */
  readonly assumedLabel?: 'enabled' | 'disabled'
  /** Told of how far it is, in words. */
  readonly onProgress?: (text: string) => void
}

/** What became of the Pods of a Namespace. */
export interface NamespaceCoverage extends KnownNamespace {
  readonly counts: PodCounts
  readonly workloads: readonly WorkloadCoverage[]
}

export interface Coverage {
  readonly installation: Installation
  readonly namespaces: readonly NamespaceCoverage[]
  readonly totals: PodCounts
  /** What could not be found out, each a sentence. */
  readonly notes: readonly string[]
}

/**
 * Takes a cluster, looks at every Pod of it, or of some Namespaces, gives what became of them. Pods that ended, or are
 * ending, are left out. Rejects when a Namespace is not there, or Pods may not be listed.
 */
export async function collectCoverage(question: CoverageQuestion): Promise<Coverage> {
  const { cluster, linkerdNamespace } = question
  const installation = await readInstallation({ cluster, linkerdNamespace })
  const known = await readNamespaces(question, installation)
  const groups = createCoverageGroups()
  await judgePods(question, { known, installation, groups })
  const notes = await joinOwners(question, groups)
  const workloads = Map.groupBy(groups.workloads(), ({ namespace }) => namespace)
  const namespaces = [...known.values()]
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map((namespace) => namespaceCoverage(namespace, workloads.get(namespace.name) ?? []))
  const totals = sumCounts(namespaces.map(({ counts }) => counts))
  return { installation, namespaces, totals, notes: [...installation.notes, ...notes] }
}

type Known = ReadonlyMap<string, KnownNamespace>

async function readNamespaces(question: CoverageQuestion, installation: Installation): Promise<Known> {
  const { cluster, namespaces, assumedLabel, onProgress } = question
  const known = new Map<string, KnownNamespace>()
  const take = (namespace: JsonObject) =>
    known.set(nameOf(namespace), knownNamespace(namespace, { ...installation, assumedLabel }))
  if (namespaces === undefined) {
    onProgress?.('reading Namespaces')
    await cluster.walk(NAMESPACES, take, { metadataOnly: true })
    return known
  }
  for (const name of namespaces) {
    const found = await cluster.get(NAMESPACES, name)
    if (found === undefined) throw new Error(`Namespace ${name} is not there`)
    take(found)
  }
  return known
}

interface Judging {
  readonly known: Known
  readonly installation: Installation
  readonly groups: CoverageGroups
}

async function judgePods(question: CoverageQuestion, { known, installation, groups }: Judging): Promise<void> {
  let seen = 0
  await walkEach(question, { root: '/api/v1', plural: 'pods' }, (pod) => {
    const namespace = known.get(textOf(objectOf(pod, 'metadata'), 'namespace') ?? '')
    // A Namespace that came since they were read is told next time.
    if (namespace === undefined || isEnding(pod)) return
    groups.add(podWorkload(pod), judgePod(pod, { namespace, settings: installation.settings }))
    if (++seen % 100 === 0) question.onProgress?.(`${seen} Pods`)
  })
}

/** What is known of workloads, by workload. */
export interface WorkloadGroups {
  readonly workloads: () => readonly WorkloadName[]
  /** Takes the name of what is in between and of what made that: from now on they are one. */
  readonly join: (middle: WorkloadName, owner: WorkloadName) => void
}

/**
 * Takes what is known of the workloads that Pods name, joins it by what made these in turn: a ReplicaSet’s Pods are its
 * Deployment’s. Without the right to look they stay the ReplicaSet's, and a note says so. Gives the notes.
 */
export async function joinOwners(
  question: Pick<CoverageQuestion, 'cluster' | 'namespaces' | 'onProgress'>,
  groups: WorkloadGroups,
): Promise<string[]> {
  const notes: string[] = []
  for (const { group, kind, collection } of MIDDLE_KINDS) {
    if (!groups.workloads().some((one) => one.group === group && one.kind === kind)) continue
    const join = (object: JsonObject): void => {
      const owner = ownerOf(object)
      const namespace = textOf(objectOf(object, 'metadata'), 'namespace') ?? ''
      if (owner !== undefined) groups.join({ namespace, group, kind, name: nameOf(object) }, owner)
    }
    question.onProgress?.(`reading ${kind}s`)
    await walkEach(question, collection, join).catch((error: Error) =>
      notes.push(`what made each ${kind} is not known: ${error.message}`),
    )
  }
  return notes
}

/** In the Namespaces that were asked about, else in all. */
async function walkEach(
  { cluster, namespaces }: Pick<CoverageQuestion, 'cluster' | 'namespaces'>,
  collection: { readonly root: string; readonly plural: string },
  take: (object: JsonObject) => void,
): Promise<void> {
  const metadataOnly = collection.plural !== 'pods'
  if (namespaces === undefined) await cluster.walk(collection, take, { metadataOnly })
  for (const namespace of namespaces ?? []) await cluster.walk({ ...collection, namespace }, take, { metadataOnly })
}

function namespaceCoverage(namespace: KnownNamespace, workloads: readonly WorkloadCoverage[]): NamespaceCoverage {
  return { ...namespace, workloads, counts: sumCounts(workloads.map(({ counts }) => counts)) }
}
