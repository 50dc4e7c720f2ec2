import { COMPONENT, LINKERD_INJECT } from '../../injection/metadata-names.ts'
import { PROXY_NAME } from '../../injection/proxy-container.ts'
import type { LinkerdFacts } from '../../kubernetes/linkerd-config.ts'

/** A Pod that is only ever sent as a dry run. Any namespace takes it, one that enforces Pod Security `restricted` too. */
interface Probe {
  readonly namespace: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly containers: readonly object[]
}

/** Takes our namespace, gives a Pod as the collector’s are: ours marks it, and Linkerd’s injector adds a proxy. */
export function collectorProbe(namespace: string): object {
  return probe({
    namespace,
    labels: { [COMPONENT]: 'collector' },
    containers: [container('probe', 'probe.invalid/probe')],
  })
}

/** Takes a namespace and what Linkerd says of itself, gives a Pod that has its proxy already, as far as ours looks at it. */
export function meshedProbe(namespace: string, linkerdNamespace: string, facts: LinkerdFacts): object {
  const { clusterDomain = 'cluster.local', trustDomain = clusterDomain, linkerdVersion } = facts
  const image = `cr.l5d.io/linkerd/proxy${linkerdVersion === undefined ? '' : `:${linkerdVersion}`}`
  const env = [
    { name: '_l5d_ns', value: linkerdNamespace },
    { name: '_l5d_trustdomain', value: trustDomain },
    {
      name: 'LINKERD2_PROXY_DESTINATION_SVC_ADDR',
      value: `linkerd-dst-headless.${linkerdNamespace}.svc.${clusterDomain}.:8086`,
    },
  ]
  const containers = [container('probe', 'probe.invalid/probe'), { ...container(PROXY_NAME, image), env }]
  // It has its proxy: Linkerd's own injector need not think about it.
  return probe({ namespace, annotations: { [LINKERD_INJECT]: 'disabled' }, containers })
}

function probe({ namespace, containers, ...metadata }: Probe): object {
  const securityContext = { runAsNonRoot: true, runAsUser: 65_532, seccompProfile: { type: 'RuntimeDefault' } }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { generateName: 'linkerd-tracing-check-', namespace, ...metadata },
    spec: { containers, securityContext, automountServiceAccountToken: false },
  }
}

function container(name: string, image: string): object {
  const securityContext = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } }
  // A namespace with a quota takes no container without.
  const amounts = { cpu: '1m', memory: '1Mi' }
  return { name, image, securityContext, resources: { requests: amounts, limits: amounts } }
}
