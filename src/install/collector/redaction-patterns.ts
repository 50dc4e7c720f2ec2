// Regular expressions of Go (RE2): no look-around, no back references. Each begins, where it can, with a plain
// character: Go then skips to it, and a value without it costs next to nothing.

/** Whether characters are those that a URL in a text can have. */
const IN_URL = `[^\\s"'<>]`

/** What ends the path of a URL: `?` and `#`, also when they were encoded, once or more often. */
const PATH_END = '(?:[?#]|%(?:25)*(?:3f|23))'

/** `$1` is what stands before the user info of a URL or authority; anchored, for values that are nothing else. */
export const URL_USER_INFO = '(?is)^((?:[a-z][a-z0-9+.-]*:)?(?://)?)[^/?#]*@'

/** From the end of a path to the end of the value. */
export const URL_QUERY = `(?is)${PATH_END}.*$`

/** Parameters of a path's part, as in `/a;jsessionid=1/b`. */
export const PATH_PARAMETERS = '(?is)(?:;|%(?:25)*3b)[^/]*'

/**
 * User info whose password has a `/`, `?`, `#` or `@` of its own. After `host:` only digits can be a port: where a
 * character that is none comes before the next `/`, and an `@` follows, it was a password.
 */
export const TEXT_PASSWORD = `://[^/@?#\\s:\\[]*:[0-9]*[^0-9/?#\\s@][^@\\s"'<>]*@`

/** User info of a URL within a text. */
export const TEXT_USER_INFO = `://[^/?#\\s"'<>]*@`

/** A path within a text (`$1`), and its query or fragment. */
export const TEXT_QUERY = `(/[^\\s?#"'<>]*)[?#]${IN_URL}*`

/** `$1` is a path within the name of a span; what follows it is cut to the end of the name. */
export const NAME_QUERY = `(?is)(/\\S*?)${PATH_END}.*$`

/** `$1` is a path within the name of a span, then its parameters. */
export const NAME_PARAMETERS = '(?i)(/[^\\s;]*?)(?:;|%(?:25)*3b)[^/\\s]*'

/**
 * Takes the words of secret names, gives an expression for any of them in a name.
 * Everything but letters and digits is a border within a word.
 */
export function secretName(words: readonly string[]): string {
  const patterns = words.map((word) => word.split(/[^\p{L}\p{N}]+/u).join('[-_. ]?'))
  return `(?:${patterns.join('|')})`
}

/** Takes the words of secret names, gives an expression for attribute names. */
export function secretKey(words: readonly string[]): string {
  return `(?i)${secretName(words)}`
}

/** A value in quotes, in quotes that were escaped, or up to what ends a value in JSON, forms and headers. */
const VALUE = `(?:\\\\+".*?\\\\+"|"(?:[^"\\\\]|\\\\.)*"?|'[^']*'?|[^\\s,;&"'}\\]\\\\]+)`

/** `$1` is name and separator of a secret within a text: `password=…`, `"token": "…"`, `X-Api-Key: …`. */
export function textSecret(words: readonly string[]): string {
  const scheme = '(?:(?:bearer|basic|digest|negotiate|token) +)?'
  return `(?i)(${secretName(words)}[\\w.-]*[\\\\"']*\\s*[:=]\\s*)${scheme}${VALUE}`
}

/** `$1` is the name of a header whose value has blanks and commas: to the end of its quotes or of its line. */
export const TEXT_HEADER = `(?i)((?:authorization|cookie)[\\\\"']*\\s*[:=]\\s*)(?:\\\\+".*?\\\\+"|"(?:[^"\\\\]|\\\\.)*"?|[^\\r\\n]+)`

/**
 * Secrets of lists and maps, which are searched as JSON text: a member with a secret name, an argument after such a
 * name, and an item that has the name in itself. What follows may be a list or map again: then all that follows.
 */
export function nestedSecret(words: readonly string[]): string {
  const value = `(?:"(?:[^"\\\\]|\\\\.)*"|[{\\[].*|[^,}\\]]+)`
  return `(?is)"[^"]*${secretName(words)}[^"]*(?:[:=][^"]*"|"\\s*[:,]\\s*${value})`
}

/** An item of a list or map that is a URL or path with query or fragment; with its quotes. */
export const NESTED_QUERY = `"[^"\\s]*/[^"\\s?#]*[?#][^"]*"`
