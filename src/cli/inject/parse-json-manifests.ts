import { type Manifest, ManifestError } from './manifest.ts'
import type { Source } from './read-input.ts'

/**
 * Takes a source, gives its documents when it is one JSON object or several in a row, as `kubectl get -o json` and
 * `jq` print them; undefined when it is something else. Throws ManifestError for a key that stands twice.
 */
export function parseJsonManifests(source: Source): Manifest[] | undefined {
  const start = source.text.search(/[^\s\uFEFF]/)
  if (source.text[start] !== '{') return undefined
  const manifests: Manifest[] = [{ type: 'verbatim', text: source.text.slice(0, start) }]
  const mistakes: string[] = []
  let line = lineAt(source.text, start)
  for (const text of splitObjects(source.text.slice(start))) {
    const value = parseJson(text)
    if (value === undefined) return undefined
    const where = `${source.name}: document ${manifests.length} (line ${line})`
    mistakes.push(...findDuplicateKeys(text).map((at) => `${where}: the same key twice, at line ${line + at - 1}`))
    manifests.push({ type: 'document', format: 'json', text, directives: '', where, value })
    line += lineAt(text, text.length) - 1
  }
  if (mistakes.length > 0) throw new ManifestError(mistakes)
  return manifests
}

/** Cuts behind each closing brace of the outermost level, and the white space that follows it. */
function splitObjects(text: string): string[] {
  const pieces: string[] = []
  let depth = 0
  let begin = 0
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}]\s*/g)) {
    if (token.startsWith('"')) continue
    depth += token.startsWith('{') ? 1 : -1
    if (depth > 0) continue
    pieces.push(text.slice(begin, index + token.length))
    begin = index + token.length
  }
  if (begin < text.length) pieces.push(text.slice(begin))
  return pieces
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // YAML in flow style looks alike
  }
}

/** JSON.parse takes the last of two equal keys in silence. Takes valid JSON, gives the lines of keys that came before. */
function findDuplicateKeys(text: string): number[] {
  const lines: number[] = []
  const open: Set<string>[] = []
  for (const { 0: token, 1: key, index } of text.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}]/g)) {
    if (token === '{') open.push(new Set())
    else if (token === '}') open.pop()
    else if (key !== undefined && !isNew(open.at(-1), JSON.parse(key))) lines.push(lineAt(text, index))
  }
  return lines
}

function isNew(keys: Set<string> | undefined, key: string): boolean {
  const size = keys?.size
  return keys?.add(key).size !== size
}

const lineAt = (text: string, offset: number) => text.slice(0, offset).split('\n').length
