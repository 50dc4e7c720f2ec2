import { BrokenAnswerError } from './api-error.ts'

/** An event holds one object, which etcd bounds at 1.5 MiB; JSON may escape it to some more. */
export const MAX_LINE_LENGTH = 4 * 1024 * 1024

/**
 * Takes text as it comes, gives each line as soon as it is whole. What stands after the last newline is a line that was
 * cut off, and left out. Throws BrokenAnswerError for a line without end.
 */
export async function* splitLines(
  chunks: AsyncIterable<string>,
  maxLength: number = MAX_LINE_LENGTH,
): AsyncGenerator<string> {
  let parts: string[] = []
  let length = 0
  for await (const chunk of chunks) {
    const pieces = chunk.split('\n')
    const last = pieces.pop() ?? ''
    for (const piece of pieces) {
      yield parts.join('') + piece
      parts = []
      length = 0
    }
    parts.push(last)
    length += last.length
    if (length > maxLength) throw new BrokenAnswerError(`a line of more than ${maxLength} characters`)
  }
}
