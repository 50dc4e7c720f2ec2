import { overlaidCollector } from '../collector/overlaid-collector.ts'
import type { ConfigMap } from '../component-config.ts'
import type { ConfigMistake } from '../config-mistake.ts'
import { collectorSettingsOf } from './collector-settings-of.ts'
import type { InstallValues } from './values-schema.ts'

/** Takes values that were checked, gives the collector's configuration with the user's own pieces laid over it. */
export function collectorConfigOf(values: InstallValues): ConfigMap {
  return overlaid(values).config
}

/** Takes values, gives what is wrong with the collector's configuration that they make. */
export function collectorMistakes(values: InstallValues): readonly ConfigMistake[] {
  return overlaid(values).mistakes
}

function overlaid(values: InstallValues) {
  // whatever YAML can hold; the schema holds that it is an object
  return overlaidCollector(collectorSettingsOf(values), values.collector.config as ConfigMap)
}
