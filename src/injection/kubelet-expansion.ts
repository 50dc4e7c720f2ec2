/**
 * How the kubelet expands a variable's value: `$(NAME)` where NAME stands earlier in the same list, `$$` to `$`
 * everywhere. Source: k8s.io/kubernetes third_party/forked/golang/expansion.
 */

/** Makes the kubelet hand the text on as it is. Doubling `$(` alone would let `$$(X)` through. */
export function escapeDollars(text: string): string {
  return text.replaceAll('$', '$$$$')
}

/** The names that a value refers to by `$(NAME)`, in order. */
export function referredNames(value: string): string[] {
  return scan(value).names
}

/** Whether a `$(` of the value is never closed: a `)` of whatever came behind it would close it. */
export function endsInReference(value: string): boolean {
  return scan(value).openAt !== undefined
}

/** The value with every `$(` that is never closed escaped: to the kubelet it is the same, whatever comes behind it. */
export function closeReferences(value: string): string {
  const { openAt } = scan(value)
  if (openAt === undefined) return value
  return value.slice(0, openAt) + value.slice(openAt).replace(/\$\$|\$\(/g, (found) => (found === '$(' ? '$$(' : found))
}

interface Scanned {
  readonly names: string[]
  /** Where the first reference begins that is never closed. */
  readonly openAt?: number
}

/** Looked through once: the text may be a megabyte of a tenant's. */
function scan(value: string): Scanned {
  const names: string[] = []
  for (let at = value.indexOf('$'); at >= 0; at = value.indexOf('$', at)) {
    const next = value[at + 1]
    const end = next === '(' ? value.indexOf(')', at) : at + 1
    // what is never closed refers to nothing, and nothing after it is closed either
    if (end < 0) return { names, openAt: at }
    if (next === '(') names.push(value.slice(at + 2, end))
    at = next === '(' || next === '$' ? end + 1 : at + 1
  }
  return { names }
}

/** Whether the kubelet hands the value on as it stands. */
export function isLiteral(value: string): boolean {
  return !value.includes('$')
}
