import type { Span } from '../../spans/span.ts'

/** Tags that a span has to have, of its own or of its process. */
export type TagFilter = Readonly<Record<string, string>>

/** Takes `-l`, as often as it was given, gives the tags that it means. Throws a sentence for a mistake. Pure. */
export function parseTagFilter(texts: readonly string[]): TagFilter {
  const filter: Record<string, string> = Object.create(null)
  for (const text of texts.flatMap((list) => list.split(','))) {
    const [, key, value] = /^([^=!]+?)==?([^=].*|)$/.exec(text) ?? []
    if (key === undefined || value === undefined) {
      throw new Error(
        `-l ${text}: must be key=value, or several of them with commas between, such as app=web,tier=front`,
      )
    }
    filter[key] = value
  }
  return filter
}

/** Takes a filter, gives whether a span has all of it. Pure. */
export function hasTags(filter: TagFilter): (span: Pick<Span, 'tags' | 'process'>) => boolean {
  const wanted = Object.entries(filter)
  return ({ tags, process: sender }) =>
    wanted.every(([key, value]) => tags[key] === value || sender.tags[key] === value)
}
