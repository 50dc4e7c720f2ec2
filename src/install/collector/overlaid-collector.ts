import { type ConfigMap, mapOf } from '../component-config.ts'
import type { ConfigMistake } from '../config-mistake.ts'
import { overlayConfig } from '../config-overlay.ts'
import { collectorConfig } from './collector-config.ts'
import type { CollectorSettings } from './collector-settings.ts'
import { collectorConfigMistakes } from './validate-collector-config.ts'
import { collectorSettingsMistakes } from './validate-collector-settings.ts'

/** A collector's configuration; to be used only when there are no mistakes. */
export interface OverlaidCollector {
  readonly config: ConfigMap
  readonly mistakes: readonly ConfigMistake[]
}

/**
 * Takes settings and the user's own pieces, gives the configuration that they make together, and what is wrong with it:
 * first of the settings, then of how the pieces are laid over, then of the result.
 */
export function overlaidCollector(settings: CollectorSettings, overlay: ConfigMap): OverlaidCollector {
  const { config, mistakes } = overlayConfig(mapOf(collectorConfig(settings)), overlay)
  const before = [...collectorSettingsMistakes(settings), ...mistakes]
  return { config, mistakes: before.length > 0 ? before : collectorConfigMistakes(config) }
}
