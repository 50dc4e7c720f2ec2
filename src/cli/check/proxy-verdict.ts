import { type CollectorAddress, parseCollectorAddress } from '../../injection/collector-address.ts'
import { DNS_NAME_RULE, isProxyDnsName } from '../../injection/dns-name.ts'
import { isJsonObject, type JsonObject, listOf, textOf } from '../../injection/json.ts'
import { isLiteral } from '../../injection/kubelet-expansion.ts'
import { quote } from '../../injection/quote.ts'
import { TRACE_VARIABLES } from '../../injection/trace-variables.ts'

/** What a proxy does with the trace settings that it has. */
export type ProxyVerdict =
  /** It has none. */
  | { readonly kind: 'off' }
  | { readonly kind: 'accepted'; readonly address: CollectorAddress; readonly identity: string | undefined }
  /** It exits with 64, or sends to nobody. */
  | { readonly kind: 'refused'; readonly because: string }
  /** They come by reference, or are expanded by the kubelet: the address as it stands there, where it is a text. */
  | { readonly kind: 'unknown'; readonly because: string; readonly address: string | undefined }

/**
 * Takes a proxy's container, gives what the proxy does with its trace settings, by its own rules and by ours where it would
 * start and reach nobody. Pure.
 */
export function proxyVerdict(container: JsonObject): ProxyVerdict {
  const [address, name] = [
    variableValue(container, TRACE_VARIABLES.address),
    variableValue(container, TRACE_VARIABLES.name),
  ]
  if (address === undefined && name === undefined) return { kind: 'off' }
  for (const value of [address, name])
    if (value?.text === undefined && value !== undefined) return unknown(value, address?.written)
  if (address?.text === undefined) return refused(`${TRACE_VARIABLES.name} is set without ${TRACE_VARIABLES.address}`)
  return literalVerdict(address.text, name?.text)
}

interface Value {
  readonly variable: string
  /** Undefined: only the kubelet knows. */
  readonly text: string | undefined
  /** As it stands in the Pod; undefined: it comes by reference. */
  readonly written: string | undefined
}

/** The last entry of a name is the one that counts; without a value it is the empty text. */
function variableValue(container: JsonObject, variable: string): Value | undefined {
  const entries = listOf(container, 'env').filter(isJsonObject)
  const entry = entries.findLast((one) => textOf(one, 'name') === variable)
  if (entry === undefined) return undefined
  const written = isJsonObject(entry['valueFrom']) ? undefined : (textOf(entry, 'value') ?? '')
  return { variable, written, text: written !== undefined && isLiteral(written) ? written : undefined }
}

function literalVerdict(text: string, name: string | undefined): ProxyVerdict {
  const address = parseCollectorAddress(text)
  if ('rule' in address) return refused(`${TRACE_VARIABLES.address} ${quote(text)} ${address.rule}`)
  // Beside a loopback address too: an invalid name ends the proxy.
  if (name !== undefined && !isProxyDnsName(name))
    return refused(`${TRACE_VARIABLES.name} ${quote(name)} ${DNS_NAME_RULE}`)
  if (name === undefined && !address.loopback)
    return refused(`${TRACE_VARIABLES.address} ${quote(text)} is set without ${TRACE_VARIABLES.name}`)
  return { kind: 'accepted', address, identity: address.loopback ? undefined : name }
}

function refused(because: string): ProxyVerdict {
  return { kind: 'refused', because }
}

function unknown({ variable }: Value, address: string | undefined): ProxyVerdict {
  return { kind: 'unknown', because: `${variable} comes by reference: only the kubelet knows its value`, address }
}
