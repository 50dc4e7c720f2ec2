import { parseCollectorAddress } from '../../injection/collector-address.ts'
import type { EnvIndex } from '../../injection/env-index.ts'
import { type JsonObject, textOf } from '../../injection/json.ts'
import { findProxy } from '../../injection/proxy-container.ts'
import { quote } from '../../injection/quote.ts'
import { readPod } from '../../injection/raw-pod.ts'
import { TRACE_VARIABLES } from '../../injection/trace-variables.ts'

/** The trace settings that a Pod's proxy started with. */
export interface FoundTraceVariables {
  /** `host:port` of the collector. */
  readonly address: string
  /** The identity that is demanded of it; absent beside a loopback address. */
  readonly identity?: string
}

/**
 * Takes a Pod, gives what its proxy's variables say of tracing, whoever wrote them, or why the proxy cannot go by them;
 * undefined where they say nothing. Our own annotation is not looked at: anybody can write one. Pure.
 */
export function findTraceVariables(pod: JsonObject): FoundTraceVariables | { readonly problem: string } | undefined {
  const raw = readPod(pod)
  const env = 'wrongType' in raw ? undefined : findProxy(raw)?.env
  const address = lastValue(env, TRACE_VARIABLES.address)
  const identity = lastValue(env, TRACE_VARIABLES.name)
  if (address === undefined && identity === undefined) return undefined
  if (address === undefined) return { problem: `the proxy has ${NAME} without ${ADDRESS}, and exits` }
  const parsed = parseCollectorAddress(address)
  if ('rule' in parsed) return { problem: `${ADDRESS} ${quote(address)} ${parsed.rule}` }
  if (identity !== undefined) return { address, identity }
  return parsed.loopback ? { address } : { problem: `the proxy has ${ADDRESS} without ${NAME}, and exits` }
}

const { address: ADDRESS, name: NAME } = TRACE_VARIABLES

/** The last entry of a name counts. */
function lastValue(env: EnvIndex | undefined, name: string): string | undefined {
  return textOf(env?.entriesOf(name).at(-1), 'value')
}
