/**
 * How the kubelet expands a variable's value: `$(NAME)` where NAME stands earlier in the same list, `$$` to `$`
 * everywhere. Source: k8s.io/kubernetes third_party/forked/golang/expansion.
 */

/** Makes the kubelet hand the text on as it is. Doubling `$(` alone would let `$$(X)` through. */
export function escapeDollars(text: string): string {
  return text.replaceAll('$', '$$$$')
}

const TOKEN = /\$\$|\$\(([^)]*)\)/g

/** The names that a value refers to by `$(NAME)`, in order. */
export function referredNames(value: string): string[] {
  return [...value.matchAll(TOKEN)].flatMap(([, name]) => (name === undefined ? [] : [name]))
}

/** Whether the kubelet hands the value on as it stands. */
export function isLiteral(value: string): boolean {
  return !value.includes('$')
}
