import type { ClusterAccess } from './cluster-access.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { dryRunPod, type LivePod, plainPod, proxyPlace } from './pods.ts'
import { loopbackService, type ReviewRequest, serveReviews } from './review-server.ts'

export const JAEGER_CONFIGURATION = 'linkerd-jaeger-injector-webhook-config'
export const JAEGER_COLLECTOR = 'collector.linkerd-jaeger:55678'
const NAMESPACE = 'linkerd-jaeger'
const LABELS = { 'linkerd.io/extension': 'jaeger' }
const RBAC = 'rbac.authorization.k8s.io'

export interface LinkerdJaeger {
  /** Stops its webhook; what was installed stays. */
  close(): Promise<void>
}

/**
 * Installs what `linkerd jaeger install` did, by the names and labels of its chart, with a webhook that adds the same
 * variables to every proxy, and waits until the API server calls it. Nothing runs in its Deployments.
 */
export async function installLinkerdJaeger(cluster: ClusterAccess): Promise<LinkerdJaeger> {
  const service = { namespace: NAMESPACE, name: 'jaeger-injector' }
  const server = await serveReviews(service, async ({ object }: ReviewRequest) => ({ patch: traceSettings(object) }))
  await cluster.createNamespace({ name: NAMESPACE, labels: LABELS, annotations: { 'linkerd.io/inject': 'enabled' } })
  await apply(cluster, [...contents(), ...clusterWide(), jaegerConfiguration(server)])
  const metadata = { namespace: 'default', name: 'probe', annotations: { 'linkerd.io/inject': 'enabled' } }
  await waitUntil({ what: 'the webhook of linkerd-jaeger to be called', limitMs: 20_000 }, async () => {
    const { annotations } = (await dryRunPod(cluster, plainPod(metadata))).metadata
    return annotations['jaeger.linkerd.io/tracing-enabled'] === 'true'
  })
  return { close: server.close }
}

/** Its webhook configuration, which leads to a Service that may be gone. */
export function jaegerConfiguration({ port, authority }: { port: number; authority: string }): object {
  const entry = {
    name: 'jaeger-injector.linkerd.io',
    clientConfig: {
      service: { name: 'jaeger-injector', namespace: NAMESPACE, path: '/', port },
      caBundle: Buffer.from(authority).toString('base64'),
    },
    failurePolicy: 'Ignore',
    admissionReviewVersions: ['v1', 'v1beta1'],
    reinvocationPolicy: 'IfNeeded',
    rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
    sideEffects: 'None',
  }
  const metadata = { name: JAEGER_CONFIGURATION, labels: LABELS }
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata,
    webhooks: [entry],
  }
}

/** Its roles and bindings outside of its Namespace. */
export function clusterWide(): object[] {
  const metadata = { name: 'linkerd-jaeger-injector', labels: LABELS }
  const rules = [{ apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'list', 'watch'] }]
  const subject = (name: string) => ({ kind: 'ServiceAccount', name, namespace: NAMESPACE })
  const roleRef = (kind: string, name: string) => ({ kind, name, apiGroup: RBAC })
  return [
    { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata, rules },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata,
      subjects: [subject('jaeger-injector')],
      roleRef: roleRef('ClusterRole', 'linkerd-jaeger-injector'),
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata: { namespace: 'linkerd', name: 'jaeger-namespace-metadata-linkerd-config' },
      subjects: [subject('namespace-metadata')],
      roleRef: roleRef('Role', 'ext-namespace-metadata-linkerd-config'),
    },
  ]
}

/** What is in its Namespace: the Service accounts and the Secret have no label. */
function contents(): object[] {
  const place = (name: string, labels: object = LABELS) => ({ name, namespace: NAMESPACE, labels })
  const components = ['jaeger-injector', 'collector', 'jaeger']
  const service = { port: 55678, name: 'opencensus' }
  return [
    ...components.map((name) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: place(name, {}) })),
    ...components.map((name) => deployment({ ...place(name), labels: { ...LABELS, component: name } })),
    { ...loopbackService({ namespace: NAMESPACE, name: 'jaeger-injector' }), metadata: place('jaeger-injector') },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: place('collector'),
      spec: { selector: { component: 'collector' }, ports: [service] },
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: place('collector-config'),
      data: { 'collector-config': 'receivers:' },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: place('jaeger-injector-k8s-tls', {}),
      stringData: { 'tls.key': 'k' },
    },
  ]
}

function deployment(metadata: { name: string; labels: { component: string } }): object {
  const selector = { matchLabels: { component: metadata.labels.component } }
  const spec = { containers: [{ name: metadata.name, image: 'app.invalid/app:1' }], serviceAccountName: metadata.name }
  const template = { metadata: { labels: metadata.labels }, spec }
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas: 0, selector, template } }
}

/** What its injector answers for a meshed Pod, variables that are there already doubled. */
function traceSettings(pod: LivePod): object[] {
  const list = proxyPlace(pod)
  if (list === undefined || pod.metadata.annotations?.['jaeger.linkerd.io/tracing-enabled'] === 'true') return []
  const index = pod.spec[list].findIndex(({ name }: { name: string }) => name === 'linkerd-proxy')
  const identity = 'collector.linkerd-jaeger.serviceaccount.identity.linkerd.cluster.local'
  const add = (path: string, value: unknown) => ({ op: 'add', path, value })
  return [
    add('/metadata/annotations/jaeger.linkerd.io~1tracing-enabled', 'true'),
    ...[
      { name: 'LINKERD2_PROXY_TRACE_COLLECTOR_SVC_ADDR', value: JAEGER_COLLECTOR },
      { name: 'LINKERD2_PROXY_TRACE_COLLECTOR_SVC_NAME', value: identity },
    ].map((variable) => add(`/spec/${list}/${index}/env/-`, variable)),
  ]
}

async function apply(cluster: ClusterAccess, items: readonly object[]): Promise<void> {
  await cluster.kubectlWith(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }), 'apply', '-f', '-')
}
