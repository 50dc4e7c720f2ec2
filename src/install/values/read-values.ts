import { isJsonObject } from '../../injection/json.ts'
import { crossFieldMistakes } from './cross-field-mistakes.ts'
import { HA_VALUES } from './ha-values.ts'
import { mergeValues } from './merge-values.ts'
import { defaultsOf } from './schema-node.ts'
import { createValuesValidator } from './validate-values.ts'
import type { ValueMistake } from './value-mistake.ts'
import { type InstallValues, VALUES_SCHEMA } from './values-schema.ts'

/** Values that were said in one place: a file, or a flag. */
export interface ValuesLayer {
  /** How that place is called in messages. */
  readonly source: string
  /** Part of the values, as they were read; nothing at all counts as an empty part. */
  readonly values: unknown
}

export type ValuesReading =
  | { readonly values: InstallValues; readonly mistakes: readonly [] }
  | { readonly mistakes: readonly ValueMistake[] }

/** Gives the values that hold where nobody says otherwise. */
export function defaultValues(): InstallValues {
  // the type is derived from the same schema
  return defaultsOf(VALUES_SCHEMA) as InstallValues
}

/** Takes layers, the last of which wins, gives the complete values, or everything that is wrong with them. Pure. */
export function readValues(layers: readonly ValuesLayer[]): ValuesReading {
  const validate = createValuesValidator(VALUES_SCHEMA)
  const said = layers.filter(({ values }) => values !== undefined && values !== null)
  const mistakes = said.flatMap(({ source, values }) => validate(source, values))
  if (mistakes.length > 0) return { mistakes }
  const given = said.map(({ values }) => values).reduce(mergeValues, {})
  const preset = isJsonObject(given) && given['ha'] === true ? HA_VALUES : {}
  const values = [preset, given].reduce<unknown>(mergeValues, defaultValues()) as InstallValues
  const together = crossFieldMistakes(values)
  return together.length > 0 ? { mistakes: together } : { values, mistakes: [] }
}
