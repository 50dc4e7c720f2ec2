import { isProxyDnsName } from './dns-name.ts'
import { changeEnv, type EnvEdit } from './env-changes.ts'
import type { EnvIndex } from './env-index.ts'
import { extraAttributes } from './extra-attributes.ts'
import { type JsonObject, textOf } from './json.ts'
import { escapeDollars, isLiteral } from './kubelet-expansion.ts'
import type { ListChanges } from './pod-changes.ts'
import type { ProxyContainer } from './proxy-container.ts'
import { quote } from './quote.ts'
import type { TraceSettings } from './trace-settings.ts'
import { TRACE_VARIABLES } from './trace-variables.ts'

export interface ProxyEnvironmentChanges {
  readonly env: ListChanges<unknown>
  readonly warnings: readonly string[]
}

/** What has to change in the proxy's variables. `labelsPath`: the file with the Pod's labels, when there is one. */
export function proxyEnvironment(
  { env }: ProxyContainer,
  settings: TraceSettings,
  labelsPath: string | undefined,
): ProxyEnvironmentChanges {
  const { target } = settings
  const attributes = extraAttributes(env, settings.attributes)
  const edits: EnvEdit[] = [
    { name: TRACE_VARIABLES.address, entry: literal(TRACE_VARIABLES.address, target.collector) },
    nameEdit(env, target.identity),
    { name: TRACE_VARIABLES.protocol, entry: literal(TRACE_VARIABLES.protocol, target.protocol) },
    {
      name: TRACE_VARIABLES.serviceName,
      entry: literal(TRACE_VARIABLES.serviceName, escapeDollars(target.serviceName)),
    },
    attributesPathEdit(labelsPath),
    { name: TRACE_VARIABLES.extraAttributes, entry: attributes.entry },
  ]
  return { env: changeEnv(env, edits), warnings: [...replacedAddress(env, target.collector), ...attributes.warnings] }
}

function literal(name: string, value: string): JsonObject {
  return { name, value }
}

/** Without a labels file the variable would name a file that is not there. */
function attributesPathEdit(labelsPath: string | undefined): EnvEdit {
  const name = TRACE_VARIABLES.attributesPath
  return labelsPath === undefined ? { name } : { name, entry: literal(name, labelsPath) }
}

/** Beside a loopback address the proxy demands no identity, but an invalid NAME makes it exit all the same. */
function nameEdit(env: EnvIndex, identity: string | undefined): EnvEdit {
  const name = TRACE_VARIABLES.name
  if (identity !== undefined) return { name, entry: literal(name, identity) }
  const valid = env.entriesOf(name).find(isValidName)
  return valid === undefined ? { name } : { name, entry: valid }
}

function isValidName(entry: JsonObject): boolean {
  const value = textOf(entry, 'value')
  // a reference or an expansion cannot be judged, and a wrong one would crash the proxy
  return value !== undefined && isLiteral(value) && isProxyDnsName(value) && !entry['valueFrom']
}

function replacedAddress(env: EnvIndex, collector: string): string[] {
  const last = env.entriesOf(TRACE_VARIABLES.address).at(-1)
  if (last === undefined) return []
  const old = textOf(last, 'value')
  if (old === collector || old === '') return []
  const shown = old === undefined ? 'given by reference' : quote(old)
  return [`${TRACE_VARIABLES.address} ${shown} of the Pod is replaced by "${collector}"`]
}
