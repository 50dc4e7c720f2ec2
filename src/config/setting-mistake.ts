import { quote } from '../injection/quote.ts'

/** A setting that breaks a rule: which, where its value came from, the value, the rule. */
export interface SettingMistake {
  readonly flag: string
  readonly variable: string
  readonly source: 'flag' | 'variable' | 'default'
  readonly value: string
  readonly rule: string
}

/** All mistakes of one start, in one error. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
  readonly mistakes: readonly SettingMistake[]

  constructor(mistakes: readonly SettingMistake[]) {
    const count = mistakes.length === 1 ? '1 setting is wrong' : `${mistakes.length} settings are wrong`
    super([`${count}:`, ...mistakes.map((mistake) => `  ${describeMistake(mistake)}`)].join('\n'))
    this.mistakes = mistakes
  }
}

/** Takes a mistake, gives one line with the field (both of its names), the value and the rule. */
export function describeMistake(mistake: SettingMistake): string {
  const flag = `--${mistake.flag}`
  const field =
    mistake.source === 'variable' ? `${mistake.variable} (flag ${flag})` : `${flag} (variable ${mistake.variable})`
  return `${field} = ${quote(mistake.value)}: ${mistake.rule}`
}
