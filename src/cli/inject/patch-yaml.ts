import { type Document, parseDocument, type ToStringOptions } from 'yaml'
import type { PatchOperation } from '../../injection/pod-patch.ts'
import { editYaml } from './edit-yaml.ts'
import type { ManifestDocument } from './manifest.ts'
import { MAX_ALIAS_COUNT, YAML_OPTIONS } from './yaml-options.ts'
import { styleOf } from './yaml-style.ts'

/**
 * Takes a YAML document and a patch for it, gives its new text: several, the most faithful one first, of which the
 * caller takes the first that says what it should. Head and tail (`---`, comments and blank lines at the left edge)
 * stay to the byte; between them the tree is edited and written in the document's own style.
 */
export function* patchYaml(manifest: ManifestDocument, operations: readonly PatchOperation[]): Generator<string> {
  const { head, body, tail } = cutEdges(manifest.text)
  const { directives } = manifest
  const preamble = directives === '' || body.startsWith('---') ? directives : `${directives}---\n`
  const document = parseDocument(preamble + body, { ...YAML_OPTIONS, keepSourceTokens: true })
  editYaml(document, operations)
  const endOfLine = /\r\n/.test(body) ? '\r\n' : '\n'
  for (const style of stylesToTry(document)) {
    const written = withoutPreamble(document.toString(style), preamble)
    yield head + withEnding(written.replaceAll(/\r?\n/g, endOfLine), body, endOfLine) + tail
  }
}

/**
 * Its own style; then what the package `yaml` needs for values that it writes wrongly otherwise: a text block that
 * starts with blanks comes out one blank longer or shorter beside any indent but 2 (seen in 2.9.1).
 */
function stylesToTry(document: Document): ToStringOptions[] {
  const own = styleOf(document)
  return [own, { ...own, indent: 2 }, { ...own, indent: 2, blockQuote: false }]
}

/** Gives what a YAML text says, as plain values; throws when it does not parse. */
export function readYaml({ directives }: ManifestDocument, text: string): unknown {
  const document = parseDocument(directives + text, YAML_OPTIONS)
  const [error] = document.errors
  if (error !== undefined) throw error
  return document.toJS({ maxAliasCount: MAX_ALIAS_COUNT })
}

interface Cut {
  readonly head: string
  readonly body: string
  readonly tail: string
}

const BLANK_OR_COMMENT = /^(?:#.*|[ \t]*)$/
const HEAD_LINE = /^(?:---[ \t]*(?:#.*)?|#.*|[ \t]*)$/

function cutEdges(text: string): Cut {
  const lines = text.split(/(?<=\n)/)
  const bare = lines.map((line) => line.replace(/\r?\n$/, ''))
  let first = 0
  while (first < lines.length && HEAD_LINE.test(bare[first] ?? '')) first++
  let last = lines.length
  while (last > first && BLANK_OR_COMMENT.test(bare[last - 1] ?? '')) last--
  // Blank lines right behind the body may belong to its last value (`|+`): the tail begins with a comment.
  while (last < lines.length && !bare[last]?.startsWith('#')) last++
  const join = (from: number, to: number) => lines.slice(from, to).join('')
  return { head: join(0, first), body: join(first, last), tail: join(last, lines.length) }
}

function withoutPreamble(written: string, preamble: string): string {
  if (preamble === '') return written
  const lines = written.split('\n')
  const start = lines.findIndex((line) => !line.startsWith('%'))
  return lines.slice(preamble.endsWith('---\n') ? start + 1 : start).join('\n')
}

/** The blank lines at the end are those that were there; at least the last line ends. */
function withEnding(written: string, body: string, endOfLine: string): string {
  const ending = /[\r\n\t ]*$/.exec(body)?.[0] ?? ''
  return written.replace(/[\r\n\t ]*$/, '') + (ending.includes('\n') ? ending : endOfLine)
}
