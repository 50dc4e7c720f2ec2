import { COMPONENT, INJECT, MIRROR_POD } from '../injection/metadata-names.ts'
import { MARKED_COMPONENTS, SYSTEM_NAMESPACES } from '../injection/own-places.ts'
import { PROXY_NAME } from '../injection/proxy-container.ts'
import { injectedCa } from './issuer-chain.ts'
import { type InstallLayout, isSeedLayout } from './layout.ts'
import { ENTRIES, INJECTOR, INJECTOR_LABELS, MARK_CONFIGURATION, TRACE_CONFIGURATION } from './object-names.ts'

/** A Kubernetes object as it is applied. */
export type Manifest = Readonly<Record<string, unknown>>

/**
 * The two configurations of the webhook. Every field that the API server would default is written out, else GitOps
 * tools see a difference for ever; `caBundle` is left out, because the injector PATCHes it in.
 */
export function webhookConfigurations(layout: InstallLayout): Manifest[] {
  return [
    configuration(layout, MARK_CONFIGURATION, [
      markEntry(layout),
      ...(isSeedLayout(layout) ? [forwardEntry(layout)] : []),
    ]),
    configuration(layout, TRACE_CONFIGURATION, [
      ...(layout.controlPlane ? [controlPlaneEntry(layout)] : []),
      workloadsEntry(layout),
    ]),
  ]
}

function configuration(layout: InstallLayout, name: string, webhooks: readonly Manifest[]): Manifest {
  const annotations = injectedCa(layout)
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name, labels: INJECTOR_LABELS, ...(Object.keys(annotations).length > 0 && { annotations }) },
    webhooks,
  }
}

/** Set by the API server itself on every Namespace, so that nobody can take it on. */
const NAMESPACE_NAME = 'kubernetes.io/metadata.name'
interface Expression {
  readonly key: string
  readonly operator: 'In' | 'NotIn'
  readonly values: readonly string[]
}

interface EntryParts {
  readonly name: string
  readonly service: Manifest
  readonly namespaces: readonly Expression[]
  readonly objects: readonly Expression[]
  readonly conditions: readonly Manifest[]
  readonly reinvocationPolicy: 'Never' | 'IfNeeded'
}

function entry({ name, service, namespaces, objects, conditions, reinvocationPolicy }: EntryParts): Manifest {
  return {
    name,
    admissionReviewVersions: ['v1', 'v1beta1'],
    clientConfig: { service },
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'], scope: 'Namespaced' }],
    namespaceSelector: { matchExpressions: namespaces },
    objectSelector: objects.length === 0 ? {} : { matchExpressions: objects },
    matchConditions: conditions,
    matchPolicy: 'Equivalent',
    reinvocationPolicy,
    // never block a Pod: see docs/decisions/0005-fail-open.md
    failurePolicy: 'Ignore',
    sideEffects: 'None',
    timeoutSeconds: 3,
  }
}

const NOT_STATIC = {
  name: 'not-static',
  expression: `!has(object.metadata.annotations) || !('${MIRROR_POD}' in object.metadata.annotations)`,
}

// has() for both lists: without it a Pod that lacks one makes the condition fail, and is skipped silently
const MESHED = {
  name: 'meshed',
  expression: ['containers', 'initContainers']
    .map((list) => `(has(object.spec.${list}) && object.spec.${list}.exists(c, c.name == '${PROXY_NAME}'))`)
    .join(' || '),
}

function ownService({ namespace }: InstallLayout): Manifest {
  return { name: INJECTOR, namespace, path: '/mutate', port: 443 }
}

const COLLECTOR_AND_JAEGER: Expression = { key: COMPONENT, operator: 'In', values: MARKED_COMPONENTS }

/** Marks the collector and Jaeger for Linkerd's injector, in the two namespaces where they may live. */
function markEntry(layout: InstallLayout): Manifest {
  const values = [...new Set([layout.namespace, layout.linkerdNamespace])]
  return entry({
    name: ENTRIES.mark,
    service: ownService(layout),
    namespaces: [{ key: NAMESPACE_NAME, operator: 'In', values }],
    objects: [COLLECTOR_AND_JAEGER],
    conditions: [NOT_STATIC],
    reinvocationPolicy: 'Never',
  })
}

/** Hands what was marked to Linkerd's own injector, which is not called in the control-plane namespace. */
function forwardEntry({ linkerdNamespace }: InstallLayout): Manifest {
  return entry({
    name: ENTRIES.forward,
    service: { name: 'linkerd-proxy-injector', namespace: linkerdNamespace, path: '/', port: 443 },
    namespaces: [{ key: NAMESPACE_NAME, operator: 'In', values: [linkerdNamespace] }],
    objects: [COLLECTOR_AND_JAEGER],
    conditions: [NOT_STATIC],
    reinvocationPolicy: 'Never',
  })
}

/** The control-plane namespace is in by its name: its Namespace object is Linkerd's, and never in our manifests. */
function controlPlaneEntry(layout: InstallLayout): Manifest {
  return entry({
    name: ENTRIES.controlPlane,
    service: ownService(layout),
    namespaces: [
      { key: NAMESPACE_NAME, operator: 'In', values: [layout.linkerdNamespace] },
      { key: INJECT, operator: 'NotIn', values: ['disabled'] },
    ],
    objects: [],
    conditions: [NOT_STATIC, MESHED],
    reinvocationPolicy: 'IfNeeded',
  })
}

function workloadsEntry(layout: InstallLayout): Manifest {
  const optIn: Expression = layout.allNamespaces
    ? { key: INJECT, operator: 'NotIn', values: ['disabled'] }
    : { key: INJECT, operator: 'In', values: ['enabled'] }
  return entry({
    name: ENTRIES.workloads,
    service: ownService(layout),
    namespaces: [
      optIn,
      { key: NAMESPACE_NAME, operator: 'NotIn', values: [...SYSTEM_NAMESPACES, layout.linkerdNamespace] },
    ],
    objects: [],
    conditions: [NOT_STATIC, MESHED],
    reinvocationPolicy: 'IfNeeded',
  })
}
