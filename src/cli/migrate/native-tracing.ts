import { parse } from 'yaml'
import { isJsonObject, type JsonObject, listOf, objectOf, textOf } from '../../injection/json.ts'

/** A setting of Linkerd's own that has it trace. */
export interface NativeSetting {
  /** What it is called: `proxy.tracing.enabled`. */
  readonly name: string
  /** What `linkerd upgrade` and `helm upgrade` take to switch it off. */
  readonly off: { readonly cli: string; readonly helm: string }
}

/** What Linkerd is told of tracing. */
export interface NativeTracing {
  readonly on: readonly NativeSetting[]
  /** The collectors that the settings that are on name, and what 2.8 and 2.9 name for proxies. */
  readonly collectors: readonly string[]
}

/**
 * Takes the ConfigMap `linkerd-config`, gives what it says of tracing. Settings have moved: `proxy.tracing` and
 * `controller.tracing` since edge-25.10.1, `controlPlaneTracing` before, below `global` in 2.8 and 2.9, a flag in 2.7. Pure.
 */
export function nativeTracing(configMap: JsonObject | undefined): NativeTracing {
  const data = objectOf(configMap, 'data')
  const values = parseKey(data, 'values')
  const global = objectOf(values, 'global')
  const [proxy, controller] = [tracingOf(values, 'proxy'), tracingOf(values, 'controller')]
  const [isProxyOn, isControllerOn] = [proxy?.['enabled'] === true, controller?.['enabled'] === true]
  const on: NativeSetting[] = [
    ...(isProxyOn ? [settable('proxy.tracing.enabled')] : []),
    ...(isControllerOn ? [settable('controller.tracing.enabled')] : []),
    ...(values?.['controlPlaneTracing'] === true ? [settable('controlPlaneTracing')] : []),
    ...(global?.['controlPlaneTracing'] === true || isInstallFlag(data) ? [FLAG] : []),
  ]
  const old = textOf(objectOf(objectOf(global, 'proxy'), 'trace'), 'collectorSvcAddr')
  const named = [
    isProxyOn ? endpointOf(proxy) : undefined,
    // By newer charts it is the proxies' where it has none of its own.
    isControllerOn ? (endpointOf(controller) ?? endpointOf(proxy)) : undefined,
    old === '' ? undefined : old,
  ]
  return { on, collectors: [...new Set(named.filter((address) => address !== undefined))] }
}

/** Before 2.10 Linkerd's command line has no `--set`. */
const FLAG: NativeSetting = {
  name: '--control-plane-tracing',
  off: { cli: '--control-plane-tracing=false', helm: '--set global.controlPlaneTracing=false' },
}

function settable(name: string): NativeSetting {
  const off = `--set ${name}=false`
  return { name, off: { cli: off, helm: off } }
}

function tracingOf(values: JsonObject | undefined, section: string): JsonObject | undefined {
  return objectOf(objectOf(values, section), 'tracing')
}

function endpointOf(section: JsonObject | undefined): string | undefined {
  const endpoint = textOf(objectOf(section, 'collector'), 'endpoint')
  return endpoint === '' ? undefined : endpoint
}

/** 2.7 keeps the flags that were typed. */
function isInstallFlag(data: JsonObject | undefined): boolean {
  const flags = listOf(parseKey(data, 'install'), 'flags').filter(isJsonObject)
  return flags.some((flag) => textOf(flag, 'name') === 'control-plane-tracing' && textOf(flag, 'value') === 'true')
}

/** What is no YAML mapping says nothing; JSON is YAML. */
function parseKey(data: JsonObject | undefined, key: string): JsonObject | undefined {
  try {
    const value: unknown = parse(textOf(data, key) ?? '', { logLevel: 'error' })
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
