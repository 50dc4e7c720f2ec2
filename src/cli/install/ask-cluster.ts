import type { DecidedValues } from '../../install/install-manifests.ts'
import type { InstallValues } from '../../install/values/values-schema.ts'
import type { ClusterView } from '../../kubernetes/cluster-view.ts'
import { parseLinkerdConfig } from '../../kubernetes/linkerd-config.ts'
import { mayBeControlPlane, refuseControlPlane } from './refuse-control-plane.ts'

/** Values with every question answered, and what a person should be told about the answers. */
export interface Decided {
  readonly values: DecidedValues
  readonly notes: readonly string[]
}

/** Takes the values, gives whether anything in them has to be asked of a cluster. */
export function hasQuestions(values: InstallValues): boolean {
  return values.policy === 'auto' || needsClusterDomain(values) || mayBeControlPlane(values)
}

/** The address of the headless Service is the only one that the injector is told in whole. */
function needsClusterDomain({ clusterDomain, collector }: InstallValues): boolean {
  return clusterDomain === '' && collector.replicas > 1
}

/** Takes values and a cluster, gives the values as they fit the cluster. Rejects when it cannot be asked, and with ControlPlaneError. */
export async function askCluster(values: InstallValues, cluster: ClusterView): Promise<Decided> {
  await refuseControlPlane(values, cluster)
  const policy = await askPolicy(values, cluster)
  const domain = await askClusterDomain(values, cluster)
  return {
    values: { ...values, policy: policy.value, clusterDomain: domain.value },
    notes: [...policy.notes, ...domain.notes],
  }
}

/**
 * Takes values and why no cluster could be asked, gives the values as they fit most clusters: every Linkerd since 2.12 has
 * the policy's kinds, and without the policy plaintext would be taken, silently.
 */
export function withoutCluster(values: InstallValues, reason: string): Decided {
  const isAuto = values.policy === 'auto'
  const policy = values.policy === 'auto' ? 'on' : values.policy
  const notes = [
    ...(isAuto
      ? [
          'Linkerd’s policy objects are printed all the same; --policy off leaves them out, --policy on says this is meant',
        ]
      : []),
    ...(needsClusterDomain(values)
      ? [`the cluster domain is taken to be ${DEFAULT_DOMAIN}; say --cluster-domain`]
      : []),
  ]
  return {
    values: { ...values, policy, ...(needsClusterDomain(values) && { clusterDomain: DEFAULT_DOMAIN }) },
    notes: notes.length === 0 ? [] : [`no cluster could be asked (${reason})`, ...notes],
  }
}

const DEFAULT_DOMAIN = 'cluster.local'

async function askPolicy({ policy }: InstallValues, cluster: ClusterView): Promise<Answer<'on' | 'off'>> {
  if (policy !== 'auto') return { value: policy, notes: [] }
  if ((await cluster.read('apis/policy.linkerd.io/v1beta1')) !== undefined) return { value: 'on', notes: [] }
  const note =
    'the cluster does not have Linkerd’s policy.linkerd.io/v1beta1: policy objects are left out, and plaintext is not refused; install again when Linkerd is there'
  return { value: 'off', notes: [note] }
}

interface Answer<Value> {
  readonly value: Value
  readonly notes: readonly string[]
}

async function askClusterDomain(values: InstallValues, cluster: ClusterView): Promise<Answer<string>> {
  if (!needsClusterDomain(values)) return { value: values.clusterDomain, notes: [] }
  const collection = { root: '/api/v1', plural: 'configmaps', namespace: values.linkerdNamespace }
  const { facts } = parseLinkerdConfig(await cluster.get(collection, 'linkerd-config'))
  if (facts.clusterDomain !== undefined) return { value: facts.clusterDomain, notes: [] }
  const note = `${values.linkerdNamespace}/linkerd-config names no cluster domain: it is taken to be ${DEFAULT_DOMAIN}; say --cluster-domain`
  return { value: DEFAULT_DOMAIN, notes: [note] }
}
