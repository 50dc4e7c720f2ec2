/** The new text of a source, and whether it is JSON throughout. */
export interface InjectedSource {
  readonly text: string
  readonly isJson: boolean
}

/**
 * Joins the texts of several sources to one stream. One source stays to the byte. Between YAML stands `---` where the
 * next text has none itself; JSON objects stand one behind the other, since kubectl reads `---` in a stream that began as YAML.
 */
export function joinSources(sources: readonly InjectedSource[]): string {
  const [first, ...rest] = sources.filter(({ text }) => text.trim() !== '')
  if (first === undefined) return sources[0]?.text ?? ''
  const isJson = sources.every((source) => source.isJson)
  return rest.reduce((joined, { text }) => {
    const next = text.replace(/^\uFEFF/, '')
    const ended = joined.endsWith('\n') ? joined : `${joined}\n`
    return ended + (isJson ? '' : separatorBefore(next)) + next
  }, first.text)
}

function separatorBefore(text: string): string {
  const begin = text.split('\n').find((line) => !/^\s*(#|$)/.test(line)) ?? ''
  // A directive belongs to the document behind it: the one before it has to be ended.
  if (begin.startsWith('%')) return '...\n'
  return /^---(\s|$)/.test(begin) ? '' : '---\n'
}
