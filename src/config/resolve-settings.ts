import type { InstallSettings } from '../injection/install-settings.ts'
import { callerMistakes } from './caller-settings.ts'
import { installSettingMistakes, installSettings } from './install-settings-of.ts'
import { readSettings, type SettingsInput } from './read-settings.ts'
import { rotationMistakes } from './rotation-mistakes.ts'
import { SettingsError } from './setting-mistake.ts'
import type { InjectionSettingValues, SettingValues } from './setting-values.ts'

export interface ResolvedSettings<Command extends 'serve' | 'inject'> {
  readonly values: SettingValues<Command>
  readonly install: InstallSettings
  readonly warnings: readonly string[]
}

/**
 * Takes what `serve` or `inject` was given, gives its values and install settings. Throws SettingsError with every
 * mistake at once: invalid install settings stop the start, so that no Pod ever meets them.
 */
export function resolveSettings<Command extends 'serve' | 'inject'>(
  input: SettingsInput<Command>,
): ResolvedSettings<Command> {
  const { values, sources, mistakes, warnings } = readSettings(input)
  // Both commands have all settings of `inject`, which the type of a command that is not known yet does not show.
  const install = installSettings(values as InjectionSettingValues)
  // A value that did not parse was replaced by its default, so no mistake is told twice.
  const all = [
    ...mistakes,
    ...installSettingMistakes(install, sources),
    ...callerMistakes(values, sources),
    ...rotationMistakes(values, sources),
  ]
  if (all.length > 0) throw new SettingsError(all)
  return { values, install, warnings }
}
