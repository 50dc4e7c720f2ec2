import { type CST, type Document, isCollection, isMap, isSeq, type ToStringOptions, visit } from 'yaml'

/**
 * Takes a document parsed with its source tokens, gives the options that write it as it was written: the width of an
 * indent, lists indented or not below their key, blanks within `{ }`. Where a document does both, the more frequent wins.
 */
export function styleOf(document: Document): ToStringOptions {
  const votes = countVotes(document)
  const indent = mostFrequent(votes.indents) ?? 2
  return {
    indent,
    indentSeq: (mostFrequent(votes.sequences) ?? 1) > 0,
    flowCollectionPadding: (mostFrequent(votes.paddings) ?? 1) > 0,
    // Long lines stay long: where a value is folded is nobody's wish.
    lineWidth: 0,
  }
}

interface Votes {
  readonly indents: number[]
  readonly sequences: number[]
  readonly paddings: number[]
}

function countVotes(document: Document): Votes {
  const votes: Votes = { indents: [], sequences: [], paddings: [] }
  visit(document, {
    Pair: (_key, pair, path) => voteOnBlock(votes, path.at(-1), pair.value),
    Collection: (_key, collection) => {
      const token = collection.srcToken
      const first = token?.type === 'flow-collection' ? token.items[0] : undefined
      if (first?.value || first?.key) votes.paddings.push(first.start.some(({ type }) => type === 'space') ? 1 : 0)
    },
  })
  return votes
}

function voteOnBlock(votes: Votes, parent: unknown, value: unknown): void {
  if (!(isMap(parent) && isCollection(value))) return
  const outer = blockIndent(parent.srcToken)
  const inner = blockIndent(value.srcToken)
  if (outer === undefined || inner === undefined) return
  if (isSeq(value)) votes.sequences.push(inner > outer ? 1 : 0)
  if (inner > outer) votes.indents.push(inner - outer)
}

function blockIndent(token: CST.Token | undefined): number | undefined {
  return token?.type === 'block-map' || token?.type === 'block-seq' ? token.indent : undefined
}

function mostFrequent(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}
