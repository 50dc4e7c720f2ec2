/** A piece of a source that is printed as it was read: comments between documents, `...`, a byte order mark. */
export interface VerbatimText {
  readonly type: 'verbatim'
  readonly text: string
}

/** One YAML or JSON document. */
export interface ManifestDocument {
  readonly type: 'document'
  readonly format: 'yaml' | 'json'
  /** Its exact text; the texts of all pieces, joined, are the source. */
  readonly text: string
  /** `%YAML` and `%TAG` lines that stand before it, which its text cannot be read without. */
  readonly directives: string
  /** Such as `web.yaml: document 2 (line 14)`, for messages. */
  readonly where: string
  /** What it says, as plain values; objects that aliases share are one object. */
  readonly value: unknown
}

export type Manifest = VerbatimText | ManifestDocument

/** Everything that is wrong with the input, one sentence each. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError'
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'))
    this.mistakes = mistakes
  }
}
