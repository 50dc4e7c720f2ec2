import { stringify } from 'yaml'
import type { ComponentConfig, ConfigMap } from './component-config.ts'

/** Takes a configuration, gives it as YAML: no aliases, no folded lines, keys in the order in which they were made. */
export function configYaml(config: ComponentConfig | ConfigMap): string {
  return stringify(config, { aliasDuplicateObjects: false, lineWidth: 0 })
}
