import type { EnvIndex } from './env-index.ts'
import { type JsonObject, textOf } from './json.ts'
import { closeReferences, endsInReference, escapeDollars } from './kubelet-expansion.ts'
import { CONTAINER_ATTRIBUTE, POD_ATTRIBUTES } from './pod-attributes.ts'
import { PROXY_NAME } from './proxy-container.ts'
import { TRACE_VARIABLES } from './trace-variables.ts'

export interface ExtraAttributes {
  readonly entry: JsonObject
  readonly warnings: readonly string[]
}

/** The variable with the resource attributes, one `key=value` a line: what is there stays, what is missing is added. */
export function extraAttributes(
  env: EnvIndex,
  fromAnnotations: ReadonlyArray<readonly [string, string]>,
): ExtraAttributes {
  const name = TRACE_VARIABLES.extraAttributes
  const existing = env.entriesOf(name)
  const last = existing.at(-1)
  if (last?.['valueFrom']) {
    // its text is not known here, so nothing can be added to it without losing it
    return {
      entry: last,
      warnings: [`${name} is given by reference and stays as it is: no attributes are added to it`],
    }
  }
  const texts = existing.map((entry) => textOf(entry, 'value') ?? '')
  const present = new Set(texts.join('\n').split('\n').map(keyOf))
  const added = [...podAttributes(env), ...annotationLines(fromAnnotations)].filter((line) => !present.has(keyOf(line)))
  // Behind a `$(` that is never closed the next `)` would close it, and the kubelet would not know that name. So the text that
  // is in effect, the last one, comes behind ours as it is; of duplicates before it such a `$` is doubled.
  const open = texts.slice(-1).filter(endsInReference)
  const closed = texts.slice(0, texts.length - open.length).map(closeReferences)
  return { entry: { name, value: joinLines([...closed, ...added, ...open]) }, warnings: [] }
}

function podAttributes(env: EnvIndex): string[] {
  const lines = POD_ATTRIBUTES.filter(([, variable]) => env.placesOf(variable).length > 0)
  return [...lines.map(([key, variable]) => `${key}=$(${variable})`), `${CONTAINER_ATTRIBUTE}=${PROXY_NAME}`]
}

function annotationLines(attributes: ReadonlyArray<readonly [string, string]>): string[] {
  return attributes.map(([key, value]) => `${key}=${escapeDollars(value)}`)
}

function keyOf(line: string): string {
  const end = line.indexOf('=')
  return (end < 0 ? line : line.slice(0, end)).trim()
}

/** Joins texts of whole lines, with or without their last newline, and leaves each as it is. */
function joinLines(texts: readonly string[]): string {
  let joined = ''
  for (const text of texts.filter((candidate) => candidate !== '')) {
    joined += joined === '' || joined.endsWith('\n') ? text : `\n${text}`
  }
  return joined
}
