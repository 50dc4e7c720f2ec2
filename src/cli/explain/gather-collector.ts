import type { CollectorAddress } from '../../injection/collector-address.ts'
import { isJsonObject, objectOf } from '../../injection/json.ts'
import { meshFacts } from '../../injection/mesh-facts.ts'
import { namespaceOfHost } from '../../injection/mesh-identity.ts'
import type { CheckContext } from '../check/check-context.ts'
import { proxyOfPod } from '../check/live-pod.ts'
import type { CollectorFacts, ExplainFacts } from './facts.ts'
import { verdictOf } from './proxy-links.ts'

type Place = Pick<ExplainFacts, 'pod' | 'podNamespace' | 'install'>

/** Takes a Pod, gives where the address of its proxy leads: the Service, and the Pods that this selects. */
export async function gatherCollector(context: CheckContext, place: Place): Promise<CollectorFacts> {
  const verdict = verdictOf(place)
  if (verdict?.kind !== 'accepted') return { kind: 'none' }
  if (verdict.address.loopback) return { kind: 'same-pod' }
  const namespace = namespaceOf(verdict.address, place)
  const [name = ''] = verdict.address.host.split('.')
  if (namespace === undefined)
    return { kind: 'elsewhere', because: `${verdict.address.text} is no Service of this cluster` }
  try {
    return await readService(context, { namespace, name, port: portOf(verdict.address) })
  } catch (error) {
    return { kind: 'elsewhere', because: (error as Error).message }
  }
}

function namespaceOf(address: CollectorAddress, { pod, podNamespace, install }: Place): string | undefined {
  const proxy = proxyOfPod(pod)
  const known = proxy === undefined ? {} : meshFacts(proxy.env)
  return namespaceOfHost(address, { podNamespace, clusterDomain: known.clusterDomain ?? install.clusterDomain })
}

function portOf({ text }: CollectorAddress): number {
  return Number(text.slice(text.lastIndexOf(':') + 1))
}

interface ServicePort {
  readonly namespace: string
  readonly name: string
  readonly port: number
}

async function readService({ cluster }: CheckContext, place: ServicePort): Promise<CollectorFacts> {
  const { namespace, name } = place
  const service = await cluster.get({ root: '/api/v1', plural: 'services', namespace }, name)
  if (service === undefined) return { kind: 'service', ...place, service, pods: [] }
  const selector = objectOf(objectOf(service, 'spec'), 'selector')
  if (!isJsonObject(selector) || Object.keys(selector).length === 0)
    return { kind: 'elsewhere', because: `Service ${namespace}/${name} selects no Pods: where it leads is not known` }
  const labels = Object.entries(selector).map(([key, value]) => `${key}=${value}`)
  const pods = (await cluster.list({ root: '/api/v1', plural: 'pods', namespace }, labels.join(','))) ?? []
  return { kind: 'service', ...place, service, pods }
}
