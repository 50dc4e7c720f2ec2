import { nearestName } from './nearest-name.ts'
import { variableOf } from './setting.ts'
import { SETTINGS } from './settings-table.ts'

const PREFIX = 'LINKERD_TRACING_'

/** What the kubelet sets for Services whose name starts with `linkerd-tracing`; not typed by anybody. */
const SERVICE_LINK = /_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/

/**
 * Takes the environment, gives a warning for each variable that looks like a setting and is none. Only the name is
 * shown, never the value.
 */
export function unknownVariableWarnings(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = SETTINGS.map((setting) => variableOf(setting.flag))
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name) && !SERVICE_LINK.test(`_${name}`))
    .sort()
    .map((name) => `${name} is no setting of linkerd-tracing; the nearest is ${nearestName(name, known)}`)
}
