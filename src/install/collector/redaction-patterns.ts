// Regular expressions of Go (RE2): no look-around, no back references; what did not take part gives an empty group.
// Each begins, where it can, with a plain character: Go skips to it, so a value without it costs next to nothing.

/** What ends the path of a URL: `?` and `#`, also when they were encoded, once or more often. */
const PATH_END = '(?:[?#]|%(?:25)*(?:3f|23))'

/** What begins a parameter of a path’s part, as in `/a;jsessionid=1/b`. */
const PARAMETER = '(?:;|%(?:25)*3b)'

/**
 * In a value that is a URL or a part of one: user info, for which `$1` is what stands before it; query or fragment; and
 * parameters of the path.
 */
export const URL_SECRETS = `(?is)^((?:(?:[a-z][a-z0-9+.-]*:)?//)?)[^/?#]*@|${PATH_END}.*$|${PARAMETER}[^/?#]*`

/** In the name of a span: parameters, query or fragment after a path, which is `$1`. A query goes to the name’s end. */
export const NAME_SECRETS = `(?is)(/\\S*?)(?:${PATH_END}.*$|${PARAMETER}[^/?#\\s]*)`

/**
 * User info of a URL within a text, from `://` on. The first half is for passwords that have a `/`, `?`, `#` or `@` of
 * their own: after `host:` only digits can be a port, so where another character comes before the next `/`, and an `@`
 * follows, it was a password.
 */
export const TEXT_USER_INFO = `://(?:[^/@?#\\s:\\[]*:[0-9]*[^0-9/?#\\s@][^@\\s"'<>]*@(?:[^/?#\\s@"'<>]*@)*|[^/?#\\s"'<>]*@)`

/** A path within a text (`$1`), and its query or fragment. */
export const TEXT_QUERY = `(/[^\\s?#"'<>]*)[?#][^\\s"'<>]*`

/** Takes the words of secret names, gives an expression for the names of attributes. */
export function secretKey(words: readonly string[]): string {
  return `(?i)${anyOf(words)}`
}

/** Everything but letters and digits is a border within a word. */
function anyOf(words: readonly string[]): string {
  return `(?:${words.map((word) => word.split(/[^\p{L}\p{N}]+/u).join('[-_. ]?')).join('|')})`
}

/** In quotes, or in quotes that were escaped because the text is within another one. */
const QUOTED = `\\\\+".*?\\\\+"|"(?:[^"\\\\]|\\\\.)*"?`

/** Up to what ends a value in JSON, forms and headers. Of a list or map nobody can say here where it ends: all that follows. */
const BARE = `[{\\[](?s:.*)|'[^']*'?|[^\\s,;&"'}\\]\\\\]+`

/**
 * Takes the words of secret names, gives an expression for a secret within a text, as in `password=…`, `"token": "…"`
 * and `X-Api-Key: …`: `$1` or `$2` is its name and separator. Values of the headers in front have blanks and commas, and
 * go to the end of their quotes or of their line.
 */
export function textSecret(words: readonly string[]): string {
  const separator = `[\\\\"']*\\s*[:=]\\s*`
  const header = `((?:authorization|cookie)${separator})(?:${QUOTED}|[^\\r\\n]+)`
  const scheme = '(?:(?:bearer|basic|digest|negotiate|token) +)?'
  const others = words.length === 0 ? '' : `|(${anyOf(words)}[\\w.-]*${separator})${scheme}(?:${QUOTED}|${BARE})`
  return `(?i)${header}${others}`
}

/**
 * Takes the words of secret names, gives an expression for secrets of lists and maps, which are searched as JSON text: a
 * member with a secret name, an argument after such a name, and an item that has the name in itself. What follows may
 * be a list or map again: then all that follows.
 */
export function nestedSecret(words: readonly string[]): string {
  const value = `(?:"(?:[^"\\\\]|\\\\.)*"|[{\\[].*|[^,}\\]]+)`
  return `(?is)"[^"]*${anyOf(words)}[^"]*(?:[:=][^"]*"|"\\s*[:,]\\s*${value})`
}

/** An item of a list or map that is a URL or path with query or fragment; with its quotes. */
export const NESTED_QUERY = `"[^"\\s]*/[^"\\s?#]*[?#][^"]*"`
