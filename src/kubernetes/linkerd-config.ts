import { parse } from 'yaml'
import { isProxyDnsName } from '../injection/dns-name.ts'
import { isJsonObject, type JsonObject, objectOf, textOf } from '../injection/json.ts'
import { parseLinkerdVersion } from '../injection/linkerd-version.ts'
import { quote } from '../injection/quote.ts'

/** What Linkerd's ConfigMap `linkerd-config` says of the mesh, as far as it can be used. */
export interface LinkerdFacts {
  readonly trustDomain?: string
  readonly clusterDomain?: string
  readonly linkerdVersion?: string
}

export interface LinkerdConfig {
  readonly facts: LinkerdFacts
  /** What was there and is as if absent: a sentence for each. */
  readonly ignored: readonly string[]
}

/** Linkerd's own is some 10 KB; parsing ten times as much still takes only some 10 ms of the webhook's time. */
const MAX_LENGTH = 128 * 1024

/**
 * Takes the ConfigMap, gives the facts in it. Today they stand in the key `values` (YAML), in 2.8 and 2.9 below `global`
 * there, in 2.7 in the key `global` (JSON). What is no domain or no version, such as a render's placeholder, is ignored.
 */
export function parseLinkerdConfig(configMap: JsonObject | undefined): LinkerdConfig {
  const ignored: string[] = []
  const data = objectOf(configMap, 'data')
  const values = parseKey(data, 'values', ignored)
  const nested = objectOf(values, 'global')
  const old = parseKey(data, 'global', ignored)
  const said = {
    trustDomain:
      textOf(values, 'identityTrustDomain') ??
      textOf(nested, 'identityTrustDomain') ??
      textOf(objectOf(old, 'identityContext'), 'trustDomain'),
    clusterDomain: textOf(values, 'clusterDomain') ?? textOf(nested, 'clusterDomain') ?? textOf(old, 'clusterDomain'),
    linkerdVersion: textOf(values, 'linkerdVersion') ?? textOf(nested, 'linkerdVersion') ?? textOf(old, 'version'),
  }
  return { facts: keepValid(said, ignored), ignored }
}

function parseKey(data: JsonObject | undefined, key: string, ignored: string[]): JsonObject | undefined {
  const text = textOf(data, key)
  if (text === undefined) return undefined
  if (text.length > MAX_LENGTH) {
    ignored.push(`key ${key} has more than ${MAX_LENGTH} characters`)
    return undefined
  }
  try {
    // JSON is YAML; aliases are bounded by the parser (100), so that a few lines cannot become gigabytes.
    const value: unknown = parse(text, { logLevel: 'error' })
    if (isJsonObject(value)) return value
  } catch {
    // told below
  }
  ignored.push(`key ${key} is no YAML mapping`)
  return undefined
}

const RULES: Readonly<Record<keyof LinkerdFacts, (text: string) => boolean>> = {
  trustDomain: isProxyDnsName,
  clusterDomain: isProxyDnsName,
  linkerdVersion: (text) => parseLinkerdVersion(text) !== undefined,
}

function keepValid(said: Record<keyof LinkerdFacts, string | undefined>, ignored: string[]): LinkerdFacts {
  const names = Object.keys(RULES) as (keyof LinkerdFacts)[]
  const kept = names.flatMap((name): [string, string][] => {
    const text = said[name]
    // Empty is how Helm's values say "default": identityTrustDomain then is the cluster domain.
    if (text === undefined || text === '') return []
    if (RULES[name](text)) return [[name, text]]
    ignored.push(`${name} ${quote(text)} is not usable`)
    return []
  })
  return Object.fromEntries(kept)
}
