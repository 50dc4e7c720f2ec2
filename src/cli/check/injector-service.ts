import { isJsonObject, type JsonObject, listOf, objectOf, textOf } from '../../injection/json.ts'

/** Takes an entry of a webhook configuration, gives whether it leads to a Service of that name. */
export function leadsToService(entry: JsonObject, name: string): boolean {
  return textOf(objectOf(objectOf(entry, 'clientConfig'), 'service'), 'name') === name
}

/** Takes an entry and the Service that it leads to, gives what is wrong with its port: a sentence, or none. */
export function portProblem(entry: JsonObject, service: JsonObject): string[] {
  const spec = objectOf(service, 'spec')
  // Such a Service has no ports of its own: the name that it stands for takes any.
  if (textOf(spec, 'type') === 'ExternalName') return []
  const wanted = objectOf(objectOf(entry, 'clientConfig'), 'service')?.['port'] ?? 443
  const ports = listOf(spec, 'ports')
    .filter(isJsonObject)
    .map((port) => port['port'])
  if (ports.includes(wanted)) return []
  return [`${textOf(entry, 'name')} leads to port ${wanted} of the Service, which has: ${ports.join(', ') || 'none'}`]
}
