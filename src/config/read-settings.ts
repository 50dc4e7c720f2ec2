import { parseSetting } from './parse-setting.ts'
import { propertyOf, type Setting, type SettingsCommand, variableOf } from './setting.ts'
import type { SettingMistake } from './setting-mistake.ts'
import type { SettingValues } from './setting-values.ts'
import { settingsOf } from './settings-of.ts'
import { unknownVariableWarnings } from './unknown-variables.ts'

export interface SettingsInput<Command extends SettingsCommand> {
  readonly command: Command
  /** Flags by property name (`certDir`), as text; `true` is a flag without a value. */
  readonly flags: Readonly<Record<string, unknown>>
  readonly env: Readonly<Record<string, string | undefined>>
}

export interface SettingsReading<Command extends SettingsCommand> {
  /** Every setting of the command; in place of a mistaken one stands its default, so that the rest can be judged too. */
  readonly values: SettingValues<Command>
  /** Where each value came from, by flag. */
  readonly sources: Readonly<Record<string, SettingMistake['source']>>
  readonly mistakes: readonly SettingMistake[]
  readonly warnings: readonly string[]
}

/**
 * Takes the flags and variables that a command was given, gives its settings: flag over variable over default
 * (docs/settings.md). Throws nothing: mistakes are collected, all of them.
 */
export function readSettings<Command extends SettingsCommand>(input: SettingsInput<Command>): SettingsReading<Command> {
  const values: Record<string, unknown> = {}
  const sources: Record<string, SettingMistake['source']> = {}
  const mistakes: SettingMistake[] = []
  for (const setting of settingsOf(input.command)) {
    const given = textOf(setting, input)
    sources[setting.flag] = given.source
    const reading = readOne(setting, given)
    values[propertyOf(setting.flag)] = reading.value
    if (reading.mistake !== undefined) mistakes.push(reading.mistake)
  }
  const warnings = unknownVariableWarnings(input.env)
  // The table's type made SettingValues, the table itself made the object: this cast is where the two meet.
  return { values: values as SettingValues<Command>, sources, mistakes, warnings }
}

interface GivenText {
  readonly text: string | undefined
  readonly source: SettingMistake['source']
}

function textOf(setting: Setting, input: Pick<SettingsInput<SettingsCommand>, 'flags' | 'env'>): GivenText {
  const flag = input.flags[propertyOf(setting.flag)]
  if (flag !== undefined) return { text: String(flag), source: 'flag' }
  const variable = input.env[variableOf(setting.flag)]
  if (variable !== undefined && !isServiceLink(variable)) return { text: variable, source: 'variable' }
  return { text: setting.default, source: 'default' }
}

/**
 * The kubelet gives each container variables for the Services of its Namespace: one named `linkerd-tracing` sets
 * `LINKERD_TRACING_PORT=tcp://10.0.0.1:443`, which nobody meant as a setting.
 */
function isServiceLink(value: string): boolean {
  return /^(tcp|udp|sctp):\/\//.test(value)
}

function readOne(setting: Setting, given: GivenText): { value: unknown; mistake?: SettingMistake } {
  if (given.text === undefined) return { value: undefined }
  const parsed = parseSetting(setting.kind, given.text)
  if ('value' in parsed) return { value: parsed.value }
  const { flag } = setting
  const mistake = { flag, variable: variableOf(flag), source: given.source, value: given.text, rule: parsed.rule }
  const fallback = setting.default === undefined ? undefined : parseSetting(setting.kind, setting.default)
  return { value: fallback !== undefined && 'value' in fallback ? fallback.value : undefined, mistake }
}
