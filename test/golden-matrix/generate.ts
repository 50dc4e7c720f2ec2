/**
 * Writes the golden cases of every pair of proxy version class, protocol and collector address:
 * `node test/golden-matrix/generate.ts`. The expectations are the sentences of the specification
 * (protocol, then address) as a table; nothing here asks the implementation.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'

const GOLDEN = join(import.meta.dirname, '..', 'golden')

const VERSIONS = {
  'opencensus-only': 'stable-2.14.10',
  'both-protocols': 'edge-25.4.4',
  'otlp-only': 'edge-26.8.3',
  'unknown-version': 'dev-local',
} as const

const PROTOCOLS = {
  'no-protocol': {},
  'annotated-opentelemetry': { annotation: 'opentelemetry' },
  'annotated-opencensus': { annotation: 'opencensus' },
  'installed-opencensus': { install: 'opencensus' },
} as const

const ADDRESSES = {
  'default-address': {},
  'annotated-address': { annotation: 'otel.obs:4317' },
  'no-opencensus-address': { opencensus: '' },
} as const

type Version = keyof typeof VERSIONS
type Protocol = keyof typeof PROTOCOLS
type Address = keyof typeof ADDRESSES

/** What the proxy is given, by version (row) and protocol setting (column); `null`: they contradict each other. */
const SPOKEN: Record<Version, Record<Protocol, 'opentelemetry' | 'opencensus' | null>> = {
  'opencensus-only': {
    'no-protocol': 'opencensus',
    'annotated-opentelemetry': null,
    'annotated-opencensus': 'opencensus',
    'installed-opencensus': 'opencensus',
  },
  'both-protocols': {
    'no-protocol': 'opentelemetry',
    'annotated-opentelemetry': 'opentelemetry',
    'annotated-opencensus': 'opencensus',
    'installed-opencensus': 'opencensus',
  },
  'otlp-only': {
    'no-protocol': 'opentelemetry',
    'annotated-opentelemetry': 'opentelemetry',
    'annotated-opencensus': null,
    'installed-opencensus': 'opentelemetry',
  },
  'unknown-version': {
    'no-protocol': 'opentelemetry',
    'annotated-opentelemetry': 'opentelemetry',
    'annotated-opencensus': 'opencensus',
    'installed-opencensus': 'opencensus',
  },
}

const COLLECTOR = 'linkerd-collector.linkerd-tracing.svc.cluster.local'

/** Where the spans go, by protocol (row) and address setting (column); `null`: there is no address. */
const TARGET: Record<'opentelemetry' | 'opencensus', Record<Address, string | null>> = {
  opentelemetry: {
    'default-address': `${COLLECTOR}:4317`,
    'annotated-address': 'otel.obs:4317',
    'no-opencensus-address': `${COLLECTOR}:4317`,
  },
  opencensus: {
    'default-address': `${COLLECTOR}:55678`,
    'annotated-address': 'otel.obs:4317',
    'no-opencensus-address': null,
  },
}

const IDENTITY: Record<Address, string> = {
  'default-address': 'linkerd-collector.linkerd-tracing.serviceaccount.identity.linkerd.cluster.local',
  'annotated-address': 'linkerd-collector.obs.serviceaccount.identity.linkerd.cluster.local',
  'no-opencensus-address': 'linkerd-collector.linkerd-tracing.serviceaccount.identity.linkerd.cluster.local',
}

const RULE =
  'Protocol, then address: a known version wins, an annotation against it is unsupported-proxy; ' +
  "the address is the annotation's, else the install's of that protocol, and none is unsupported-proxy."

function fieldRef(name: string, fieldPath: string): object {
  return { name, valueFrom: { fieldRef: { fieldPath } } }
}

function pod(version: Version, annotations: Record<string, string>): object {
  const proxy = {
    name: 'linkerd-proxy',
    image: `cr.l5d.io/linkerd/proxy:${VERSIONS[version]}`,
    env: [
      fieldRef('_pod_name', 'metadata.name'),
      fieldRef('_pod_ns', 'metadata.namespace'),
      { name: '_l5d_ns', value: 'linkerd' },
      { name: '_l5d_trustdomain', value: 'cluster.local' },
    ],
  }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { generateName: 'voting-5d8f7c-', namespace: 'emojivoto', labels: { app: 'voting' }, annotations },
    spec: { serviceAccountName: 'voting', containers: [{ name: 'voting', image: 'emojivoto-voting:v12' }, proxy] },
  }
}

function expectation(version: Version, protocol: Protocol, address: Address): object {
  const spoken = SPOKEN[version][protocol]
  const target = spoken && TARGET[spoken][address]
  if (spoken === null || target === null) {
    // a proxy that has neither the protocol nor an address for its own is told both
    const faults = spoken === null && address === 'no-opencensus-address' && version === 'opencensus-only' ? 2 : 1
    return { rule: RULE, outcome: 'skipped', reason: 'unsupported-proxy', warnings: Array(faults).fill([]) }
  }
  return {
    rule: RULE,
    outcome: 'traced',
    warnings: [],
    env: {
      LINKERD2_PROXY_TRACE_COLLECTOR_SVC_ADDR: target,
      LINKERD2_PROXY_TRACE_COLLECTOR_SVC_NAME: IDENTITY[address],
      LINKERD2_PROXY_TRACE_PROTOCOL: spoken,
      LINKERD2_PROXY_TRACE_SERVICE_NAME: 'linkerd-proxy',
      LINKERD2_PROXY_TRACE_ATTRIBUTES_PATH: '/var/run/linkerd/podinfo/labels',
    },
    attributes: ['k8s.pod.name=$(_pod_name)', 'k8s.namespace.name=$(_pod_ns)', 'k8s.container.name=linkerd-proxy'],
  }
}

/** The files of one case, by name. */
function filesOf(version: Version, protocol: Protocol, address: Address): Record<string, string> {
  const annotations: Record<string, string> = {}
  const settings: Record<string, string> = {}
  const p = PROTOCOLS[protocol]
  const a = ADDRESSES[address]
  if ('annotation' in p) annotations['config.linkerd.io/trace-collector-protocol'] = p.annotation
  if ('install' in p) settings['protocol'] = p.install
  if ('annotation' in a) annotations['config.linkerd.io/trace-collector'] = a.annotation
  if ('opencensus' in a) settings['opencensus-address'] = a.opencensus
  const text = (content: object): string => stringify(content, { lineWidth: 120 })
  return {
    'pod.yaml': text(pod(version, annotations)),
    ...(Object.keys(settings).length > 0 ? { 'settings.yaml': text(settings) } : {}),
    'expected.yaml': text(expectation(version, protocol, address)),
  }
}

/** Every case of the matrix: its folder's name and its files. */
export function matrixCases(): Map<string, Record<string, string>> {
  const cases = new Map<string, Record<string, string>>()
  for (const version of Object.keys(VERSIONS) as Version[]) {
    for (const protocol of Object.keys(PROTOCOLS) as Protocol[]) {
      for (const address of Object.keys(ADDRESSES) as Address[]) {
        cases.set(`matrix-${version}-${protocol}-${address}`, filesOf(version, protocol, address))
      }
    }
  }
  return cases
}

if (import.meta.main) {
  for (const [name, files] of matrixCases()) {
    mkdirSync(join(GOLDEN, name), { recursive: true })
    for (const [file, text] of Object.entries(files)) writeFileSync(join(GOLDEN, name, file), text)
  }
}
