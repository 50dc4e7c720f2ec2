import { type Command, Option } from 'commander'
import { type Setting, type SettingsCommand, variableOf } from './setting.ts'
import { settingsOf } from './settings-of.ts'

/**
 * Takes a commander command and its name in the table, adds the settings' flags to it. Values stay text: parsing and
 * precedence are in readSettings, so that commander reports no mistake on its own.
 */
export function addSettingOptions(command: Command, name: SettingsCommand): Command {
  for (const setting of settingsOf(name)) command.addOption(optionOf(setting))
  return command
}

function optionOf(setting: Setting): Option {
  const short = setting.short === undefined ? '' : `-${setting.short}, `
  // `--all-namespaces` alone means true; every other kind needs its value.
  const value = setting.kind === 'boolean' ? `[${setting.placeholder}]` : `<${setting.placeholder}>`
  const shown = setting.shownDefault ?? setting.default
  return new Option(
    `${short}--${setting.flag} ${value}`,
    `${setting.sentence} (default: ${shown}; variable: ${variableOf(setting.flag)})`,
  )
}
