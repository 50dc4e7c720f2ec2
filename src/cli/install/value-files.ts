import { readFile } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { parse } from 'yaml'
import type { ValuesLayer } from '../../install/values/read-values.ts'

/** A file of values that cannot be read; the message names it. */
export class ValuesFileError extends Error {
  override readonly name = 'ValuesFileError'
}

/** Takes the name of a YAML file (`-`: standard input), gives its values. Throws ValuesFileError. */
export async function fileLayer(file: string, stdin: Readable): Promise<ValuesLayer> {
  const source = file === '-' ? 'standard input' : file
  try {
    const content = file === '-' ? await text(stdin) : await readFile(file, 'utf8')
    return { source, values: parse(content) }
  } catch (cause) {
    const reason = (cause as Error).message.split('\n', 1)[0]
    throw new ValuesFileError(`${source}: values cannot be read: ${reason}`, { cause })
  }
}
