/** Reads of Pods that may be of any shape; all of them give what is there, and never throw. */
export type Raw = { [key: string]: unknown }

export interface EnvEntry {
  name?: unknown
  value?: unknown
  valueFrom?: unknown
}

export function mapping(value: unknown): Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : {}
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

export function containersOf(pod: unknown): Raw[] {
  const spec = mapping(mapping(pod)['spec'])
  return [...list(spec['containers']), ...list(spec['initContainers'])].map(mapping)
}

export function containerNamed(pod: unknown, name: string): Raw {
  return containersOf(pod).find((container) => container['name'] === name) ?? {}
}

export function envOf(container: Raw): EnvEntry[] {
  return list(container['env']).map((entry) => mapping(entry) as EnvEntry)
}

export function envValue(container: Raw, name: string): unknown {
  return envOf(container).find((entry) => entry.name === name)?.value
}

export function mountsOf(container: Raw): Array<{ name: unknown; mountPath: unknown }> {
  return list(container['volumeMounts']).map((mount) => mapping(mount) as { name: unknown; mountPath: unknown })
}

export function volumesOf(pod: unknown): Raw[] {
  return list(mapping(mapping(pod)['spec'])['volumes']).map(mapping)
}
