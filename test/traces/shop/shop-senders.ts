import type { Random } from '../../fuzz/random.ts'
import type { Attributes } from '../otlp/otlp-messages.ts'
import { SHOP_SERVICES, type ShopService } from './shop-services.ts'

/** One process of the shop, as its spans name it. */
export interface Sender {
  readonly resource: Attributes
  /** Whose clock it has. */
  readonly node: string
}

export interface ShopPod {
  readonly service: ShopService
  readonly proxy: Sender
  readonly application: Sender
}

/** Gives a Pod of each service on each of its nodes; the same ones each time. */
export function shopPods(): readonly ShopPod[] {
  return SHOP_SERVICES.flatMap((service) => service.nodes.map((node, index) => podOf(service, node, index)))
}

/** Takes chance, gives one Pod of the service, as a balancer would. */
export function onePodOf(pods: readonly ShopPod[], service: ShopService, random: Random): ShopPod {
  return random.oneOf(pods.filter((pod) => pod.service === service))
}

/** In front of the mesh: it starts the traces, and has no proxy. */
export const INGRESS: Sender = {
  resource: { 'service.name': 'ingress', 'k8s.namespace.name': 'edge', 'k8s.pod.name': 'ingress-0' },
  node: 'node-a',
}

/** Gives a component of the control plane, as the bridge passes its process on. */
export function componentSender(name: 'destination' | 'identity'): Sender {
  const resource = {
    'service.name': `linkerd-${name}`,
    'host.name': `linkerd-${name}-5d9c7b6f4-x2x7k`,
    'opencensus.exporterversion': '0.0.1',
    'process.pid': 1n,
  }
  return { resource, node: 'node-a' }
}

function podOf(service: ShopService, node: string, index: number): ShopPod {
  const { name, namespace } = service
  const pod = `${name}-${index}`
  const place = { 'k8s.namespace.name': namespace, 'k8s.node.name': node, 'k8s.pod.name': pod }
  const labels = { app: name, 'app.kubernetes.io/name': name, 'linkerd.io/workload-ns': namespace }
  const proxy: Attributes = {
    ...place,
    ...labels,
    'service.name': name,
    'host.name': pod,
    'k8s.container.name': 'linkerd-proxy',
    'k8s.pod.uid': `${namespace}-${pod}`,
    'linkerd.io/control-plane-ns': 'linkerd',
    'process.pid': 7n,
  }
  const older: Attributes = { ...labels, 'service.name': 'linkerd-proxy', 'host.name': pod }
  const application: Attributes = { ...place, 'service.name': name, 'telemetry.sdk.language': 'nodejs' }
  return {
    service,
    proxy: { resource: service.proxy === 'opencensus' ? older : proxy, node },
    application: { resource: application, node },
  }
}
