import { parse } from 'yaml'
import type { SchemaNode } from './schema-node.ts'

/** A text that no value can be made of; the message says why. */
export class ValueTextError extends Error {
  override readonly name = 'ValueTextError'
}

/**
 * Takes a schema and a text, gives the value that is meant: a text stays as it is where one is wanted, all else is read as
 * YAML. Throws ValueTextError for what is no YAML.
 */
export function parseValue(schema: SchemaNode | undefined, text: string): unknown {
  if (schema?.type === 'string') return text
  try {
    return parse(text)
  } catch (cause) {
    throw new ValueTextError(`is no YAML: ${(cause as Error).message.split('\n', 1)[0]}`, { cause })
  }
}
