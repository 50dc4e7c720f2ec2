import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { type JsonObject, textOf } from '../../injection/json.ts'
import type { SchemaNode } from './schema-node.ts'
import type { ValueMistake } from './value-mistake.ts'

/** Finds what is wrong with values, whole or in part. */
export type ValuesValidator = (source: string, values: unknown) => ValueMistake[]

/** Takes a schema, gives a validator of it. */
export function createValuesValidator(schema: SchemaNode): ValuesValidator {
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: true, strictTypes: false })
  ajv.addVocabulary(['x-rule'])
  const validate: ValidateFunction = ajv.compile(schema)
  return (source, values) => {
    if (validate(values)) return []
    const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'propertyNames')
    return withoutRepeats(errors.map((error) => ({ source, ...mistakeOf(error) })))
  }
}

type Mistake = Omit<ValueMistake, 'source'>

function mistakeOf(error: ErrorObject): Mistake {
  const path = pathOf(error.instancePath)
  const parent = (error.parentSchema ?? {}) as JsonObject
  if (error.keyword === 'additionalProperties') return unknownKey(error, path, parent)
  // a key of a map: the error is of the pattern below `propertyNames`
  if (error.propertyName !== undefined) {
    return { path: join(path, error.propertyName), value: error.propertyName, rule: KEY_RULE }
  }
  return { path, value: error.data, rule: ruleOf(error, parent) }
}

const KEY_RULE = 'must be a name, or prefix/name, of letters, digits, "-", "_" and "."'

function unknownKey({ params, data }: ErrorObject, path: string, parent: JsonObject): Mistake {
  const key = String(params['additionalProperty'])
  const known = Object.keys((parent['properties'] ?? {}) as object)
  return { path: join(path, key), value: (data as JsonObject)[key], rule: 'there is no such value', known }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'must be a text',
  integer: 'must be a whole number',
  number: 'must be a number',
  boolean: 'must be true or false',
  array: 'must be a list',
  object: 'must be an object with fields',
}

function ruleOf({ keyword, params, message }: ErrorObject, parent: JsonObject): string {
  // a quantity that YAML reads as a number is told to be put in quotes by its own rule
  const own = textOf(parent, 'x-rule')
  if (keyword === 'type') return own ?? TYPES[String(params['type'])] ?? String(message)
  if (keyword === 'enum') return `must be one of ${(params['allowedValues'] as string[]).join(', ')}`
  if (keyword === 'minimum' || keyword === 'maximum') return `must be ${boundsOf(parent)}`
  return own ?? String(message)
}

function boundsOf({ minimum, maximum }: JsonObject): string {
  return maximum === undefined ? `${minimum} or more` : `from ${minimum} to ${maximum}`
}

/** `/collector/nodeSelector/kubernetes.io~1os` → `collector.nodeSelector.kubernetes\.io/os`, as `--set` takes it. */
function pathOf(pointer: string): string {
  const parts = pointer.split('/').slice(1)
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')).reduce(join, '')
}

function join(path: string, key: string): string {
  const escaped = key.replaceAll('.', '\\.')
  return path === '' ? escaped : `${path}.${escaped}`
}

function withoutRepeats(mistakes: readonly ValueMistake[]): ValueMistake[] {
  return [...new Map(mistakes.map((mistake) => [`${mistake.path} ${mistake.rule}`, mistake])).values()]
}
