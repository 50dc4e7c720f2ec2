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
 * lets nobody in or was meant to be a name, names without a CA are vouched for by nobody, and a list that came out empty (a
 * template with nothing in it) would let everybody in whom the CA has signed. Pure.
 */
export function callerMistakes(
  values: Partial<Pick<SettingValues<'serve'>, 'clientAllowedNames' | 'clientCaFile'>>,
  sources: Readonly<Record<string, SettingMistake['source']>>,
): SettingMistake[] {
  const flag = 'client-allowed-names'
  const value = values.clientAllowedNames ?? ''
  const names = allowedNamesOf(value)
  const source = sources[flag] ?? 'default'
  const isEmptied = names.length === 0 && source !== 'default' && values.clientCaFile !== undefined
  const rules = [
    ...(isEmptied ? ['must name who may call; leave it out to answer any certificate of --client-ca-file'] : []),
    ...(names.includes('') ? ['must be names with one comma between them'] : []),
    ...(names.length > 0 && values.clientCaFile === undefined
      ? ['needs --client-ca-file too: without a CA nobody vouches for a name']
      : []),
  ]
  return rules.map((rule) => ({ flag, variable: variableOf(flag), source, value, rule }))
}
