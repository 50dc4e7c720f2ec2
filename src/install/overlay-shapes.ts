import type { ConfigMap, ConfigValue } from './component-config.ts'

/** Takes a value of a configuration, tells whether it is a mapping. */
export function isMap(value: unknown): value is ConfigMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Takes a value of a configuration, tells whether it is a list. */
export function isList(value: unknown): value is readonly ConfigValue[] {
  return Array.isArray(value)
}
