import { isJsonObject, type JsonObject, listOf, objectOf, textOf } from '../../injection/json.ts'
import { meshFacts } from '../../injection/mesh-facts.ts'
import { meshIdentity } from '../../injection/mesh-identity.ts'
import { COLLECTOR_SERVICE_ACCOUNT } from '../../injection/metadata-names.ts'
import { nameOf } from '../check/entries.ts'
import { proxyOfPod } from '../check/live-pod.ts'
import { isEnding, podReadiness } from '../check/pod-readiness.ts'
import type { CollectorFacts, ExplainFacts } from './facts.ts'
import { broken, type Link, type LinkOutcome, ok, unchecked } from './link.ts'
import { verdictOf } from './proxy-links.ts'

/** Whether the other end is there, and is who the proxy demands. */
export const COLLECTOR_LINKS: readonly Link<ExplainFacts>[] = [
  { name: 'collector-ready', title: 'the collector is there, and ready', judge: overService(judgeReady) },
  { name: 'collector-meshed', title: 'the collector is meshed', judge: overService(judgeMeshed) },
  {
    name: 'identity',
    title: 'the collector has the identity that the proxy demands',
    judge: overService(judgeIdentity),
  },
]

type ServiceFacts = Extract<CollectorFacts, { kind: 'service' }>
type Judge = (collector: ServiceFacts, facts: ExplainFacts) => LinkOutcome

function overService(judge: Judge): (facts: ExplainFacts) => LinkOutcome {
  return (facts) => {
    const { collector } = facts
    if (collector.kind === 'none') return unchecked('the proxy has no collector’s address')
    if (collector.kind === 'elsewhere') return unchecked(collector.because)
    return collector.kind === 'same-pod' ? ok('in the same Pod, without TLS') : judge(collector, facts)
  }
}

function judgeReady({ namespace, name, port, service, pods }: ServiceFacts): LinkOutcome {
  const what = `Service ${namespace}/${name}`
  if (service === undefined)
    return broken(`${what} is not there`, 'install a collector, or name another by config.linkerd.io/trace-collector')
  const ports = listOf(objectOf(service, 'spec'), 'ports').filter(isJsonObject)
  const numbers = ports.map((one) => one['port'])
  if (!numbers.includes(port)) return broken(`${what} has no port ${port}, but ${numbers.join(', ') || 'none'}`, PORTS)
  const states = running(pods).map(podReadiness)
  const ready = states.filter(({ isReady }) => isReady)
  if (ready.length > 0) return ok(`${ready.length} of ${states.length} Pods of ${what}`)
  const told = states.map((pod) => `Pod ${namespace}/${pod.name} ${pod.obstacle}`)
  return broken(
    [`${what} has no Pod that is ready`, ...told].join('\n'),
    `kubectl describe -n ${namespace} pods tells why; linkerd-tracing check looks at our own collector`,
  )
}

const PORTS = 'OTLP over gRPC is on 4317, the bridge’s OpenCensus on 55678'

function judgeMeshed({ namespace, pods }: ServiceFacts): LinkOutcome {
  const states = running(pods).map(podReadiness)
  if (states.length === 0) return unchecked('the collector has no Pod')
  const bare = states.filter(({ hasProxy }) => !hasProxy)
  if (bare.length === 0) return ok()
  return broken(
    bare
      .map(({ name }) => `Pod ${namespace}/${name} has no proxy: spans travel by the mesh’s TLS or not at all`)
      .join('\n'),
    `annotate its template with linkerd.io/inject: enabled, and restart it`,
  )
}

function judgeIdentity({ namespace, pods }: ServiceFacts, facts: ExplainFacts): LinkOutcome {
  const verdict = verdictOf(facts)
  if (verdict?.kind !== 'accepted' || verdict.identity === undefined)
    return unchecked('what the proxy demands is not known')
  const demanded = canonical(verdict.identity)
  const meshed = running(pods).filter((pod) => proxyOfPod(pod) !== undefined)
  if (meshed.length === 0) return unchecked('the collector has no Pod with a proxy')
  const others = meshed.filter((pod) => canonical(identityOf(pod, { namespace, facts })) !== demanded)
  if (others.length === 0) return ok(demanded)
  return broken(
    [
      `the proxy demands ${demanded}`,
      ...others.map((pod) => `Pod ${namespace}/${nameOf(pod)} is ${identityOf(pod, { namespace, facts })}`),
    ].join('\n'),
    `name its ServiceAccount by ${COLLECTOR_SERVICE_ACCOUNT}: NAME.${namespace}, or give the collector the one that is demanded`,
  )
}

/** The tail is what the collector's own proxy says; else what the installation knows. */
function identityOf(pod: JsonObject, { namespace, facts }: { namespace: string; facts: ExplainFacts }): string {
  const spec = objectOf(pod, 'spec')
  const { linkerdNamespace: controlPlaneNamespace, trustDomain } = facts.install
  const proxy = proxyOfPod(pod)
  const known = proxy === undefined ? {} : meshFacts(proxy.env)
  const serviceAccount = textOf(spec, 'serviceAccountName') ?? 'default'
  return meshIdentity({ controlPlaneNamespace, trustDomain, ...known, serviceAccount, namespace })
}

/** Names of DNS: letters of either case, one dot at the end. */
function canonical(name: string): string {
  return name.toLowerCase().replace(/\.$/, '')
}

function running(pods: readonly JsonObject[]): JsonObject[] {
  return pods.filter((pod) => !isEnding(pod))
}
