/**
 * Takes a text that the collector shall read as it is, gives it with every `$` doubled: it puts values of the
 * environment in place of `${…}`, and one `$` in place of two.
 */
export function literal(text: string): string {
  return text.replaceAll('$', '$$$$')
}
