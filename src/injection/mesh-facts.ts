import { isKubernetesLabel, isProxyDnsName, withoutTrailingDot } from './dns-name.ts'
import type { EnvIndex } from './env-index.ts'
import { type JsonObject, textOf } from './json.ts'
import { isLiteral } from './kubelet-expansion.ts'

/** What a proxy's own variables say of the mesh that it belongs to; absent where they do not say it literally. */
export interface MeshFacts {
  readonly controlPlaneNamespace?: string
  readonly trustDomain?: string
  readonly clusterDomain?: string
}

/** Where Linkerd's injector leaves the domains, in the order in which they are believed. */
const IDENTITIES = ['LINKERD2_PROXY_DESTINATION_SVC_NAME', 'LINKERD2_PROXY_IDENTITY_SVC_NAME']
const ADDRESSES = ['LINKERD2_PROXY_DESTINATION_SVC_ADDR', 'LINKERD2_PROXY_IDENTITY_SVC_ADDR']

// A DNS name has 253 characters, and a port six more. The patterns must not be let loose on a tenant's megabyte.
const MAX_FACT = 512

const IDENTITY_TAIL = /\.serviceaccount\.identity\.([^.]+)\.(.+)$/
const SERVICE_DOMAIN = /\.svc\.([^:]+):\d+$/

/** Reads the mesh's facts off a proxy's variables. */
export function meshFacts(env: EnvIndex): MeshFacts {
  const tail = firstMatch(env, IDENTITIES, IDENTITY_TAIL)
  const domain = firstMatch(env, ADDRESSES, SERVICE_DOMAIN)?.[1]
  const controlPlaneNamespace = firstValid([literalValue(env, '_l5d_ns'), tail?.[1]], isKubernetesLabel)
  const trustDomain = firstValid([literalValue(env, '_l5d_trustdomain'), tail?.[2]], isProxyDnsName)
  const clusterDomain = domain === undefined ? undefined : firstValid([withoutTrailingDot(domain)], isProxyDnsName)
  return {
    ...(controlPlaneNamespace !== undefined && { controlPlaneNamespace }),
    ...(trustDomain !== undefined && { trustDomain }),
    ...(clusterDomain !== undefined && { clusterDomain }),
  }
}

/** The value that the proxy will see, unless it comes by reference or has something to expand. */
function literalValue(env: EnvIndex, name: string): string | undefined {
  // the last entry of a name is the one that counts
  const last = env.placesOf(name).at(-1)
  const value = last === undefined ? undefined : textOf(env.list[last] as JsonObject, 'value')
  return value !== undefined && value.length <= MAX_FACT && isLiteral(value) ? value : undefined
}

function firstMatch(env: EnvIndex, names: readonly string[], pattern: RegExp): RegExpExecArray | undefined {
  for (const name of names) {
    const match = pattern.exec(literalValue(env, name) ?? '')
    if (match) return match
  }
  return undefined
}

function firstValid(values: readonly (string | undefined)[], isValid: (text: string) => boolean): string | undefined {
  return values.find((value) => value !== undefined && isValid(value))
}
