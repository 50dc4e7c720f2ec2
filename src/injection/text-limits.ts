/** A service name beyond this is a mistake, and would be repeated in every batch of spans. */
export const MAX_SERVICE_NAME_BYTES = 256
/** The value of one resource attribute. */
export const MAX_ATTRIBUTE_BYTES = 1024
/** All `key=value` lines that come from annotations: a Pod is at most 1.5 MiB, and every batch carries them. */
export const MAX_ATTRIBUTES_BYTES = 8 * 1024

// C0 and DEL. A newline would start another line of EXTRA_ATTRIBUTES, another attribute.
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const CONTROL = /[\u0000-\u001f\u007f]/

/** Which rule a text breaks that becomes part of a variable; undefined when none. */
export function textFault(text: string, maxBytes: number): string | undefined {
  if (CONTROL.test(text)) return 'must not contain control characters'
  const bytes = Buffer.byteLength(text)
  return bytes > maxBytes ? `has ${bytes} bytes, above the limit of ${maxBytes}` : undefined
}
