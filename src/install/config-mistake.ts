import { quote } from '../injection/quote.ts'

/** A place of a configuration that breaks a rule. */
export interface ConfigMistake {
  /** Keys from the top, as `service.pipelines.traces.processors[2]`. */
  readonly path: string
  readonly value: unknown
  /** The end of a sentence that begins with path and value. */
  readonly rule: string
}

/** Takes a mistake, gives one line with the place, the value and the rule. */
export function describeConfigMistake({ path, value, rule }: ConfigMistake): string {
  return `${path} = ${typeof value === 'string' ? quote(value) : shown(value)}: ${rule}`
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`
}

/** As long as a quoted text may be. */
const MAX_SHOWN = 60
