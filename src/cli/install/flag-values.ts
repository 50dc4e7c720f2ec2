import { quote } from '../../injection/quote.ts'
import { parseValue, ValueTextError } from '../../install/values/parse-value.ts'
import type { ValuesLayer } from '../../install/values/read-values.ts'
import { schemaAt, splitPath, valueAt } from '../../install/values/value-at.ts'
import { VALUES_SCHEMA } from '../../install/values/values-schema.ts'
import type { InstallFlag } from './install-flags.ts'

/** A flag whose text has not the form that it needs; the message names flag, text and form. */
export class FlagFormError extends Error {
  override readonly name = 'FlagFormError'
}

/** Takes a flag and what commander has of it (text, list of texts, switch), gives the value that it stands for. Throws FlagFormError. */
export function flagLayer(
  { flag, path, kind }: Pick<InstallFlag, 'flag' | 'path' | 'kind'>,
  given: unknown,
): ValuesLayer {
  const parts = splitPath(path)
  const texts = [given].flat().map(String)
  const values = {
    value: () => parsed(flag, path, String(given)),
    switch: () => given,
    off: () => given,
    list: () => texts,
    map: () => Object.fromEntries(texts.map((text) => keyAndValue(flag, text))),
    tolerations: () => texts.map((text) => tolerationOf(flag, text)),
    backends: () => texts.map((endpoint) => ({ endpoint })),
  }
  return { source: `--${flag}`, values: valueAt(parts, values[kind]()) }
}

/** Takes a text of `--set` (`path=value`), gives the value that it stands for. Throws FlagFormError. */
export function setLayer(text: string): ValuesLayer {
  const [path, value] = keyAndValue('set', text)
  return { source: '--set', values: valueAt(splitPath(path), parsed('set', path, value)) }
}

function parsed(flag: string, path: string, text: string): unknown {
  try {
    return parseValue(schemaAt(VALUES_SCHEMA, splitPath(path)), text)
  } catch (cause) {
    if (!(cause instanceof ValueTextError)) throw cause
    throw new FlagFormError(`--${flag}: ${path} = ${quote(text)}: ${cause.message}`, { cause })
  }
}

function keyAndValue(flag: string, text: string): readonly [string, string] {
  const index = text.indexOf('=')
  if (index < 1) throw new FlagFormError(`--${flag} = ${JSON.stringify(text)}: must be a name, "=" and a value`)
  return [text.slice(0, index), text.slice(index + 1)]
}

/** As taints are written by `kubectl taint`: `key=value:Effect`; what is left out is tolerated whatever it is. */
function tolerationOf(flag: string, text: string): object {
  const [, key, value, effect] = /^([^=:]+)(?:=([^:]*))?(?::(\w+))?$/.exec(text) ?? []
  if (key === undefined) {
    throw new FlagFormError(
      `--${flag} = ${JSON.stringify(text)}: must be a taint, such as dedicated=tracing:NoSchedule`,
    )
  }
  return {
    key,
    ...(value === undefined ? { operator: 'Exists' } : { operator: 'Equal', value }),
    ...(effect !== undefined && { effect }),
  }
}
