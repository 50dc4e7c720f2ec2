/** The API server cuts a warning at 256 characters once all of them have more than 4096; Go counts bytes. */
const MAX_WARNING_BYTES = 255
const MAX_WARNINGS = 12

const PREFIX = 'linkerd-tracing: '

// The API server drops a warning that has one of these whole (k8s.io/apimachinery net.NewWarningHeader).
const CONTROL = /\p{Control}/gu

/**
 * Makes warnings that the API server passes on: at most 12 of at most 255 bytes, without control characters, each
 * with the name of the program that speaks.
 */
export function boundWarnings(sentences: readonly string[]): string[] {
  const kept = sentences.length > MAX_WARNINGS ? sentences.slice(0, MAX_WARNINGS - 1) : sentences
  const left = sentences.length - kept.length
  const all = left === 0 ? kept : [...kept, `and ${left} more warnings`]
  return all.map((sentence) => cut(PREFIX + sentence.replace(CONTROL, ' ')))
}

function cut(text: string): string {
  if (Buffer.byteLength(text) <= MAX_WARNING_BYTES) return text
  let bytes = Buffer.byteLength('…')
  let kept = ''
  for (const character of text) {
    bytes += Buffer.byteLength(character)
    if (bytes > MAX_WARNING_BYTES) break
    kept += character
  }
  return `${kept}…`
}
