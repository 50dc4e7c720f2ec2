import { isJsonObject, type JsonObject, listOf, objectOf, textOf } from '../../injection/json.ts'
import type { ClusterView, Collection } from '../../kubernetes/cluster-view.ts'
import { CLUSTER_ROLE_BINDINGS, CLUSTER_ROLES, CONFIGURATIONS } from '../check/check-context.ts'
import { entriesOf, nameOf } from '../check/entries.ts'
import { leadsToService } from '../check/injector-service.ts'
import { INJECTOR_CONFIGURATION } from '../check/linkerd-jaeger.ts'
import { readService } from './find-services.ts'
import type { FoundObject, FoundWebhook } from './migration-facts.ts'
import { JAEGER_LABELS } from './old-collector.ts'

const LABEL = `${JAEGER_LABELS.extension}=${JAEGER_LABELS.value}`
const INJECTOR_SERVICE = 'jaeger-injector'

/** Takes the cluster, gives the webhook configurations of linkerd-jaeger, by label, name, or where they lead to. */
export async function findWebhooks(cluster: ClusterView): Promise<FoundWebhook[]> {
  const all = (await cluster.list(CONFIGURATIONS)) ?? []
  const isOwn = (one: JsonObject) => isLabelled(one) || nameOf(one) === INJECTOR_CONFIGURATION
  const found = all.filter(
    (one) => isOwn(one) || entriesOf(one).some((entry) => leadsToService(entry, INJECTOR_SERVICE)),
  )
  return Promise.all(
    found.map(async (object) => ({
      ...{ kind: 'MutatingWebhookConfiguration', collection: CONFIGURATIONS, object, isOwn: isOwn(object) },
      services: await Promise.all(
        servicesOf(object).map(async (name) => ({ name, isThere: (await readService(cluster, name)) !== undefined })),
      ),
    })),
  )
}

function servicesOf(configuration: JsonObject): string[] {
  const services = entriesOf(configuration).map((entry) => objectOf(objectOf(entry, 'clientConfig'), 'service'))
  const names = services.map((service) => `${textOf(service, 'namespace') ?? ''}/${textOf(service, 'name') ?? ''}`)
  return [...new Set(names.filter((name) => name !== '/'))]
}

/** Takes the cluster, gives the roles and bindings of linkerd-jaeger that its Namespace does not take along. */
export async function findRoles(cluster: ClusterView, linkerdNamespace: string): Promise<FoundObject[]> {
  const [bindings, roles] = await Promise.all([
    cluster.list(CLUSTER_ROLE_BINDINGS, LABEL),
    cluster.list(CLUSTER_ROLES, LABEL),
  ])
  const inLinkerd = { ...ROLE_BINDINGS, namespace: linkerdNamespace }
  // The chart's job that labels the Namespace reads linkerd-config by it.
  const binding = await cluster.get(inLinkerd, 'jaeger-namespace-metadata-linkerd-config')
  return [
    ...foundAs('ClusterRoleBinding', CLUSTER_ROLE_BINDINGS, bindings),
    ...foundAs('ClusterRole', CLUSTER_ROLES, roles),
    ...foundAs('RoleBinding', inLinkerd, binding === undefined ? [] : [binding]),
  ]
}

const RBAC = '/apis/rbac.authorization.k8s.io/v1'
const ROLE_BINDINGS = { root: RBAC, plural: 'rolebindings' } as const
const POLICY = '/apis/policy.linkerd.io'

/** What versions of linkerd-jaeger have installed; of a kind with several versions the newest that is served. */
const CONTENTS: readonly (readonly [kind: string, plural: string, ...roots: string[]])[] = [
  ['Deployment', 'deployments', '/apis/apps/v1'],
  ['Service', 'services', '/api/v1'],
  ['ConfigMap', 'configmaps', '/api/v1'],
  ['RoleBinding', 'rolebindings', RBAC],
  ['Role', 'roles', RBAC],
  ['ServiceAccount', 'serviceaccounts', '/api/v1'],
  ['AuthorizationPolicy', 'authorizationpolicies', `${POLICY}/v1alpha1`],
  ['ServerAuthorization', 'serverauthorizations', `${POLICY}/v1beta1`],
  ['Server', 'servers', `${POLICY}/v1beta3`, `${POLICY}/v1beta2`, `${POLICY}/v1beta1`],
  ['HTTPRoute', 'httproutes', `${POLICY}/v1beta3`, `${POLICY}/v1beta2`, `${POLICY}/v1beta1`],
  ['MeshTLSAuthentication', 'meshtlsauthentications', `${POLICY}/v1alpha1`],
  ['NetworkAuthentication', 'networkauthentications', `${POLICY}/v1alpha1`],
]

/** Without a label in old versions. */
const NAMES = ['jaeger-injector', 'collector', 'jaeger', 'collector-config', 'namespace-metadata']
const SECRETS = { root: '/api/v1', plural: 'secrets' } as const

/** Takes a Namespace of linkerd-jaeger, gives what is its own in there: Secrets are asked for by name, others are nobody's business. */
export async function findContents(cluster: ClusterView, namespace: string): Promise<FoundObject[]> {
  const lists = await Promise.all(
    CONTENTS.map(async ([kind, plural, ...roots]) => {
      for (const root of roots) {
        const listed = await cluster.list({ root, plural, namespace })
        if (listed !== undefined) return foundAs(kind, { root, plural, namespace }, listed.filter(isJaegers))
      }
      return []
    }),
  )
  const secrets = { ...SECRETS, namespace }
  const secret = await cluster.get(secrets, 'jaeger-injector-k8s-tls')
  return [...lists.flat(), ...foundAs('Secret', secrets, secret === undefined ? [] : [secret])]
}

function isJaegers(object: JsonObject): boolean {
  return isLabelled(object) || NAMES.includes(nameOf(object))
}

function isLabelled(object: JsonObject): boolean {
  return textOf(objectOf(objectOf(object, 'metadata'), 'labels'), JAEGER_LABELS.extension) === JAEGER_LABELS.value
}

/** Items of a list come without their kind. */
function foundAs(kind: string, collection: Collection, objects: readonly JsonObject[] | undefined): FoundObject[] {
  return (objects ?? []).map((object) => ({ kind, collection, object }))
}

/** Takes a Deployment, gives where programs in it are told to send spans to, by `-trace-collector`. Pure. */
export function traceArguments(deployment: JsonObject): string[] {
  const spec = objectOf(objectOf(objectOf(deployment, 'spec'), 'template'), 'spec')
  const words = listOf(spec, 'containers')
    .filter(isJsonObject)
    .flatMap((container) => listOf(container, 'args'))
  return words.flatMap((word, index) => {
    if (typeof word !== 'string') return []
    const [, flag, value] = /^(--?trace-collector)(?:=(.*))?$/s.exec(word) ?? []
    const address = value ?? (flag === undefined ? undefined : words[index + 1])
    return typeof address === 'string' ? [address] : []
  })
}
