import { variableOf } from './setting.ts'
import type { SettingMistake } from './setting-mistake.ts'
import type { SettingValues } from './setting-values.ts'

/** Takes the text of `--client-allowed-names`, gives the names. Pure. */
export function allowedNamesOf(text: string | undefined): string[] {
  const trimmed = (text ?? '').trim()
  return trimmed === '' ? [] : trimmed.split(',').map((name) => name.trim())
}

/**
 * Takes the values of `serve` and where each came from, gives what is wrong with the names of callers: one that is empty
 * lets nobody in or was meant to be a name, and names without a CA are vouched for by nobody. Pure.
 */
export function callerMistakes(
  values: Partial<Pick<SettingValues<'serve'>, 'clientAllowedNames' | 'clientCaFile'>>,
  sources: Readonly<Record<string, SettingMistake['source']>>,
): SettingMistake[] {
  const flag = 'client-allowed-names'
  const value = values.clientAllowedNames ?? ''
  const names = allowedNamesOf(value)
  const rules = [
    ...(names.includes('') ? ['must be names with one comma between them'] : []),
    ...(names.length > 0 && values.clientCaFile === undefined
      ? ['needs --client-ca-file too: without a CA nobody vouches for a name']
      : []),
  ]
  return rules.map((rule) => ({ flag, variable: variableOf(flag), source: sources[flag] ?? 'default', value, rule }))
}
