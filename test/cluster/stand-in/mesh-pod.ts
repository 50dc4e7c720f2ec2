import jsonPatch from 'fast-json-patch'
import {
  initContainer,
  type MountingContainer,
  type ProxyLook,
  proxyContainer,
  proxyVolumes,
} from './proxy-container.ts'

// biome-ignore lint/suspicious/noExplicitAny: raw Pods, as the API server sends them
type RawPod = any

export interface MeshWish {
  readonly pod: RawPod
  readonly namespace: { readonly name: string; readonly annotations: Readonly<Record<string, string>> }
  readonly look: ProxyLook
  /** As a native sidecar, where no annotation says otherwise. */
  readonly native: boolean
}

const NATIVE = 'config.linkerd.io/proxy-enable-native-sidecar'

/** The patch by which Linkerd's injector would mesh the Pod; an empty one when it is to stay as it is. */
export function meshPatch({ pod, namespace, look, native }: MeshWish): object[] {
  const annotation = (key: string) => pod.metadata?.annotations?.[key] ?? namespace.annotations[key]
  // `ingress` is the third value that Linkerd knows; it meshes too.
  const wanted = ['enabled', 'ingress'].includes(annotation('linkerd.io/inject'))
  if (!wanted || pod.spec.hostNetwork === true || hasProxy(pod)) return []
  const wish = annotation(NATIVE)
  const asNative = wish === undefined ? native : wish === 'true'
  return jsonPatch.compare(pod, meshed(pod, { look, native: asNative, namespace: namespace.name }))
}

function hasProxy({ spec }: RawPod): boolean {
  const containers = [...(spec.initContainers ?? []), ...(spec.containers ?? [])]
  return containers.some(({ name }) => name === 'linkerd-proxy' || name === 'linkerd-init')
}

function meshed(
  pod: RawPod,
  { look, native, namespace }: { look: ProxyLook; native: boolean; namespace: string },
): RawPod {
  const { metadata, spec } = pod
  const token = spec.containers.flatMap(tokenMounts).slice(0, 1)
  const withToken = (container: MountingContainer) => ({
    ...container,
    volumeMounts: [...container.volumeMounts, ...token],
  })
  const proxy = withToken(proxyContainer(look, native))
  return {
    ...pod,
    metadata: {
      ...metadata,
      annotations: {
        ...metadata.annotations,
        'linkerd.io/created-by': `linkerd/proxy-injector ${look.version}`,
        'linkerd.io/inject': 'enabled',
        'linkerd.io/proxy-version': look.version,
        'linkerd.io/trust-root-sha256': '8dc603abd4e755c25c94da05abbf29b9b283a784733651020d72f97ca8ab98e4',
      },
      labels: {
        ...metadata.labels,
        'linkerd.io/control-plane-ns': look.linkerdNamespace,
        'linkerd.io/workload-ns': namespace,
        ...workloadLabel(metadata),
      },
    },
    spec: {
      ...spec,
      initContainers: [withToken(initContainer(look)), ...(native ? [proxy] : []), ...(spec.initContainers ?? [])],
      // First, as Linkerd puts it: its postStart hook holds the others back until the proxy is ready.
      containers: native ? spec.containers : [proxy, ...spec.containers],
      volumes: [...(spec.volumes ?? []), ...proxyVolumes()],
    },
  }
}

// Linkerd gives its containers the token's mount that the others have (`saMountPath`). Without it the API server would add
// one, and for that change call all webhooks that want to be called again.
function tokenMounts({ volumeMounts = [] }: RawPod): RawPod[] {
  return volumeMounts.filter(({ mountPath }: RawPod) => mountPath === '/var/run/secrets/kubernetes.io/serviceaccount')
}

function workloadLabel(metadata: RawPod): object {
  const owner = metadata.ownerReferences?.[0]
  if (owner === undefined) return {}
  const hash = metadata.labels?.['pod-template-hash']
  if (owner.kind !== 'ReplicaSet' || hash === undefined)
    return { [`linkerd.io/proxy-${owner.kind.toLowerCase()}`]: owner.name }
  return { 'linkerd.io/proxy-deployment': owner.name.slice(0, -`-${hash}`.length) }
}
