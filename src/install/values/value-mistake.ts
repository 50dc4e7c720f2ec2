import { quote } from '../../injection/quote.ts'

/** A value that breaks a rule: where it was said, its path, what it is, the rule. */
export interface ValueMistake {
  /** A flag or a file. */
  readonly source: string
  /** `collector.replicas`; empty for the whole. */
  readonly path: string
  readonly value: unknown
  /** The end of a sentence. */
  readonly rule: string
  /** For a key that does not exist: those that do. */
  readonly known?: readonly string[]
}

/** Takes a mistake, gives it as a line: source, path, value, rule. */
export function describeValueMistake({ source, path, value, rule }: ValueMistake): string {
  const shown = quote(typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing'))
  const text = typeof value === 'string' ? shown : shown.slice(1, -1).replaceAll('\\"', '"')
  return `${source}: ${path === '' ? 'values' : path} = ${text}: ${rule}`
}

/** All mistakes of one command, in one error. */
export class ValuesError extends Error {
  override readonly name = 'ValuesError'
  readonly mistakes: readonly ValueMistake[]

  constructor(mistakes: readonly ValueMistake[], describe: (mistake: ValueMistake) => string = describeValueMistake) {
    const count = mistakes.length === 1 ? '1 value is wrong' : `${mistakes.length} values are wrong`
    super([`${count}:`, ...mistakes.map((mistake) => `  ${describe(mistake)}`)].join('\n'))
    this.mistakes = mistakes
  }
}
