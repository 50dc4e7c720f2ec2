import type { CollectorAddress } from './collector-address.ts'
import { isKubernetesLabel, isKubernetesSubdomain, withoutTrailingDot } from './dns-name.ts'

/** A ServiceAccount as a setting names it: `name` or `name.namespace`. */
export interface ServiceAccountName {
  readonly name: string
  readonly namespace?: string
}

export const SERVICE_ACCOUNT_RULE = 'must be a ServiceAccount, name or name.namespace'

/** Reads `name` or `name.namespace`, split at the last dot; undefined when Kubernetes has no such names. */
export function parseServiceAccount(text: string): ServiceAccountName | undefined {
  const dot = text.lastIndexOf('.')
  const name = dot < 0 ? text : text.slice(0, dot)
  if (!isKubernetesSubdomain(name)) return undefined
  if (dot < 0) return { name }
  const namespace = text.slice(dot + 1)
  return isKubernetesLabel(namespace) ? { name, namespace } : undefined
}

export const NAMESPACE_OF_HOST_RULE =
  'is no Service of this cluster, so its namespace is not known: the ServiceAccount must be given as name.namespace'

export interface HostPlace {
  readonly podNamespace: string
  readonly clusterDomain: string
}

/**
 * The namespace that a collector's host lies in: `svc` in the Pod's own, `svc.ns`, `svc.ns.svc` and
 * `svc.ns.svc.<cluster domain>` in `ns`. Undefined for anything else, an IP or a foreign name.
 */
export function namespaceOfHost(address: CollectorAddress, place: HostPlace): string | undefined {
  if (address.kind === 'ip') return undefined
  const [, namespace, svc, ...domain] = address.host.split('.')
  if (namespace === undefined) return place.podNamespace
  if (svc === undefined) return namespace
  const clusterDomain = withoutTrailingDot(place.clusterDomain.toLowerCase())
  return svc === 'svc' && (domain.length === 0 || domain.join('.') === clusterDomain) ? namespace : undefined
}

export interface MeshIdentityParts {
  readonly serviceAccount: string
  readonly namespace: string
  readonly controlPlaneNamespace: string
  readonly trustDomain: string
}

/** The name in a meshed workload's certificate. Its tail is the trust domain, which may differ from the cluster domain. */
export function meshIdentity({
  serviceAccount,
  namespace,
  controlPlaneNamespace,
  trustDomain,
}: MeshIdentityParts): string {
  return `${serviceAccount}.${namespace}.serviceaccount.identity.${controlPlaneNamespace}.${withoutTrailingDot(trustDomain)}`
}
