// What a cluster says of tracing before a migration, as the API server gives it.
import type { FoundObject, FoundWebhook, MigrationFacts, Sender } from '../../../src/cli/migrate/migration-facts.ts'
import type { WorkloadName } from '../../../src/cli/pod-coverage/workload.ts'
import { INSTALL, type Raw } from '../../injection/samples.ts'

export const JAEGERS = 'collector.linkerd-jaeger:55678'
export const TEMPO = 'tempo.monitoring:4317'
const OURS = 'linkerd-collector.linkerd-tracing.svc.cluster.local:4317'
const LABELS = { 'linkerd.io/extension': 'jaeger' }

export function namespace(name: string, metadata: Raw = {}): Raw {
  return { metadata: { name, ...metadata } }
}

/** A cluster that has linkerd-tracing, Linkerd, a shop that is opted in, and nothing of before. */
export const CLEAN: MigrationFacts = {
  linkerdNamespace: 'linkerd',
  isInstalled: true,
  settings: INSTALL,
  namespaces: [
    ...['kube-system', 'linkerd', 'linkerd-tracing'].map((name) => namespace(name)),
    namespace('shop', { labels: { 'tracing.linkerd.io/inject': 'enabled' } }),
    namespace('books'),
  ],
  webhooks: [],
  roles: [],
  contents: [],
  tenants: [],
  linkerdConfig: config({ proxy: { tracing: { enabled: false } } }),
  components: [],
  annotated: [],
  senders: [sender('shop', 'web', [OURS, true])],
  services: new Map([
    ['linkerd-tracing/linkerd-collector', 'ready'],
    ['monitoring/tempo', 'ready'],
  ]),
  notes: [],
}

export function config(values: object, metadata: Raw = {}): Raw {
  return {
    metadata: { name: 'linkerd-config', namespace: 'linkerd', ...metadata },
    data: { values: JSON.stringify(values) },
  }
}

export function deployment(namespaceName: string, name: string): WorkloadName {
  return { namespace: namespaceName, group: 'apps', kind: 'Deployment', name }
}

export function sender(
  namespaceName: string,
  name: string,
  ...addresses: (readonly [address: string, isOurs: boolean, isOptedOut?: boolean])[]
): Sender {
  const told = addresses.map(([address, isOurs, isOptedOut = false]) => ({ address, isOurs, isOptedOut }))
  return { workload: deployment(namespaceName, name), addresses: told, doubled: [] }
}

const RBAC = '/apis/rbac.authorization.k8s.io/v1'

/** The roles, which outlive the Namespace. */
export function roles(metadata: Raw = {}): FoundObject[] {
  const named = { metadata: { name: 'linkerd-jaeger-injector', labels: LABELS, ...metadata } }
  return [
    { kind: 'ClusterRoleBinding', collection: { root: RBAC, plural: 'clusterrolebindings' }, object: named },
    { kind: 'ClusterRole', collection: { root: RBAC, plural: 'clusterroles' }, object: named },
  ]
}

export function webhook(isThere: boolean, metadata: Raw = {}): FoundWebhook {
  return {
    kind: 'MutatingWebhookConfiguration',
    collection: { root: '/apis/admissionregistration.k8s.io/v1', plural: 'mutatingwebhookconfigurations' },
    object: { metadata: { name: 'linkerd-jaeger-injector-webhook-config', labels: LABELS, ...metadata } },
    isOwn: true,
    services: [{ name: 'linkerd-jaeger/jaeger-injector', isThere }],
  }
}

/** What is in the Namespace linkerd-jaeger. */
export function contents(metadata: Raw = {}): FoundObject[] {
  const place = { namespace: 'linkerd-jaeger' }
  const deployments = ['collector', 'jaeger', 'jaeger-injector'].map((name) => ({
    kind: 'Deployment',
    collection: { root: '/apis/apps/v1', plural: 'deployments', ...place },
    object: { metadata: { name, ...place, labels: LABELS, ...metadata }, spec: {} },
  }))
  const secret = { metadata: { name: 'jaeger-injector-k8s-tls', ...place, ...metadata }, data: {} }
  return [
    ...deployments,
    { kind: 'Secret', collection: { root: '/api/v1', plural: 'secrets', ...place }, object: secret },
  ]
}

/** A Deployment whose Pods are told a collector by annotation. */
export function annotated(namespaceName: string, name: string, annotations: object): FoundObject {
  return {
    kind: 'Deployment',
    collection: { root: '/apis/apps/v1', plural: 'deployments', namespace: namespaceName },
    object: { metadata: { name, namespace: namespaceName }, spec: { template: { metadata: { annotations } } } },
  }
}

/** linkerd-jaeger as it was installed, in use. */
export const WHOLE: MigrationFacts = {
  ...CLEAN,
  namespaces: [...CLEAN.namespaces, namespace('linkerd-jaeger', { labels: LABELS })],
  webhooks: [webhook(true)],
  roles: roles(),
  contents: contents(),
  senders: [
    ...CLEAN.senders,
    sender('books', 'webapp', [JAEGERS, false]),
    // Its own proxies too: they go with it.
    sender('linkerd-jaeger', 'jaeger', [JAEGERS, false]),
    sender('linkerd', 'linkerd-identity', [JAEGERS, false]),
  ],
  services: new Map([...CLEAN.services, ['linkerd-jaeger/collector', 'ready']]),
}

export const helm = (name: string, place: string) => ({
  annotations: { 'meta.helm.sh/release-name': name, 'meta.helm.sh/release-namespace': place },
})
