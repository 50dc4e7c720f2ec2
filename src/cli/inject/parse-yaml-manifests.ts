import { Composer, type CST, type Document, LineCounter, Parser } from 'yaml'
import { type Manifest, ManifestError } from './manifest.ts'
import type { Source } from './read-input.ts'
import { MAX_ALIAS_COUNT, YAML_OPTIONS } from './yaml-options.ts'

/**
 * The syntax tree takes up to 200 times its text in memory (measured: 740 MB for a List of 4 MB): with 8 MiB it stays
 * below the 2 GB that Node allows itself on a machine with 4. JSON needs no tree.
 */
const MAX_YAML_LENGTH = 8 * 1024 * 1024

/**
 * Takes a source, gives its YAML documents and what stands between them; the cuts are those of the concrete syntax
 * tree, so that joined they are the source to the byte. Throws ManifestError with every mistake.
 */
export function parseYamlManifests(source: Source): Manifest[] {
  if (source.text.length > MAX_YAML_LENGTH) {
    throw new ManifestError([`${source.name}: more than 8 MiB of YAML; split it, or give it as JSON`])
  }
  const lines = new LineCounter()
  const tokens = [...new Parser(lines.addNewLine).parse(source.text)]
  const documents = new Map<number, ComposedDocument>()
  const lineOf = (offset: number) => lines.linePos(offset).line
  for (const document of new Composer(YAML_OPTIONS).compose(tokens)) {
    const number = documents.size + 1
    const where = `${source.name}: document ${number} (line ${lineOf(document.range[0])})`
    documents.set(document.range[0], { where, ...readDocument(document, where, lineOf) })
  }
  const mistakes = [...documents.values()].flatMap((document) => document.mistakes)
  if (mistakes.length > 0) throw new ManifestError(mistakes)
  return cut(source.text, { tokens, documents })
}

interface ComposedDocument {
  readonly where: string
  readonly value: unknown
  readonly mistakes: readonly string[]
}

function readDocument(document: Document.Parsed, where: string, lineOf: (offset: number) => number) {
  const mistakes = document.errors.map((error) => `${where}: ${error.message} (at line ${lineOf(error.pos[0])})`)
  if (mistakes.length > 0) return { value: undefined, mistakes }
  try {
    return { value: document.toJS({ maxAliasCount: MAX_ALIAS_COUNT }), mistakes }
  } catch (error) {
    // Aliases without an anchor, or far too many of them, show only when they are followed.
    return { value: undefined, mistakes: [`${where}: ${error instanceof Error ? error.message : String(error)}`] }
  }
}

interface ComposedStream {
  readonly tokens: readonly CST.Token[]
  readonly documents: ReadonlyMap<number, ComposedDocument>
}

function cut(text: string, { tokens, documents }: ComposedStream): Manifest[] {
  const manifests: Manifest[] = []
  let directives = ''
  for (const [index, token] of tokens.entries()) {
    const piece = text.slice(token.offset, tokens[index + 1]?.offset ?? text.length)
    const composed = token.type === 'document' ? documents.get(token.offset) : undefined
    if (token.type === 'directive') directives += `${token.source}\n`
    if (composed === undefined) {
      manifests.push({ type: 'verbatim', text: piece })
      continue
    }
    const { where, value } = composed
    manifests.push({ type: 'document', format: 'yaml', text: piece, directives, where, value })
    directives = ''
  }
  return manifests
}
