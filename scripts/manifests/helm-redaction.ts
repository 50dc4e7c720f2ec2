import { plainAttributes } from '../../src/install/collector/plain-attributes.ts'
import { redactionProcessors } from '../../src/install/collector/redaction.ts'
import { DEFAULT_REDACTION } from '../../src/install/collector/redaction-settings.ts'

// What stands for each list of the settings while the processors are made; no expression has such a word.
const STANDS_FOR = {
  secretNames: 'QWORDSQ',
  keptNames: 'QKEPTQ',
  urlAttributes: 'QURLQ',
  queryAttributes: 'QQUERYQ',
  secretValues: 'QVALUEQ',
} as const

/**
 * Gives the redaction processors as a template of their settings: they are made with a word in place of each list, and where
 * the word stands the template puts the list.
 */
export function redactionPieces(): Readonly<Record<string, string>> {
  const settings = Object.fromEntries(Object.entries(STANDS_FOR).map(([name, word]) => [name, [word]]))
  const processors = (secretNames: readonly string[]) =>
    redactionProcessors({ ...DEFAULT_REDACTION, ...settings, secretNames, links: 'remove' })
  return {
    plainAttributes: JSON.stringify(plainAttributes({ ...DEFAULT_REDACTION, secretNames: [], secretValues: [] })),
    usualSecretValues: JSON.stringify(DEFAULT_REDACTION.secretValues),
    redaction: [
      '{{- $words := include "linkerd-tracing.words" . }}',
      '{{- if $words }}',
      ...linesOf(processors([STANDS_FOR.secretNames]), ''),
      '{{- else }}',
      ...linesOf(processors([]), ''),
      '{{- end }}',
    ].join('\n'),
  }
}

function linesOf(value: unknown, indent: string): string[] {
  if (Array.isArray(value)) return itemLines(value, indent)
  return Object.entries(value as object).flatMap(([key, field]) => {
    if (key === 'ignored_keys') return [`${indent}ignored_keys: {{ include "linkerd-tracing.ignoredKeys" . }}`]
    if (Array.isArray(field) && field.length === 0) return [`${indent}${key}: []`]
    if (typeof field === 'object') return [`${indent}${key}:`, ...linesOf(field, `${indent}  `)]
    return [`${indent}${key}: ${JSON.stringify(field)}`]
  })
}

function itemLines(items: readonly unknown[], indent: string): string[] {
  return items.flatMap((item, index) => {
    if (typeof item !== 'string') return objectLines(item, indent)
    const guard = guardOf(item)
    // one loop around all that is said of an item of the list, as the builder has it
    const opens = guard !== undefined && guard !== guardOf(items[index - 1]) ? [`{{- ${guard} }}`] : []
    const closes = guard !== undefined && guard !== guardOf(items[index + 1]) ? ['{{- end }}'] : []
    return [...opens, `${indent}- ${expression(item)}`, ...closes]
  })
}

function objectLines(item: unknown, indent: string): string[] {
  const [first = '', ...rest] = linesOf(item, `${indent}  `)
  return [`${indent}- ${first.trimStart()}`, ...rest]
}

function guardOf(item: unknown): string | undefined {
  const text = String(item)
  if (text.includes(STANDS_FOR.urlAttributes)) return 'range .urlAttributes'
  if (text.includes(STANDS_FOR.queryAttributes)) return 'range .queryAttributes'
  if (text === STANDS_FOR.secretValues) return 'range .secretValues'
  if (text.includes(STANDS_FOR.secretValues)) return 'with .secretValues'
  return text.startsWith('set(span.links') ? 'if eq .links "remove"' : undefined
}

/** Backticks hold an expression of Go as it is. */
function expression(text: string): string {
  if (text === STANDS_FOR.secretValues) return '{{ . | replace "$" "$$" | toRawJson }}'
  const fillings = [
    [STANDS_FOR.secretNames, '$words'],
    [STANDS_FOR.urlAttributes, inside('.')],
    [STANDS_FOR.queryAttributes, inside('.')],
    [`(?:${STANDS_FOR.secretValues})`, '(include "linkerd-tracing.anyOfValues" .)'],
  ] as const
  const used = fillings.filter(([word]) => text.includes(word))
  if (used.length === 0) return JSON.stringify(text).replaceAll('{{', '{{ "{{" }}')
  const filled = used.map(([word, by]) => ` | replace "${word}" ${by}`)
  return `{{ \`${text}\`${filled.join('')} | toRawJson }}`
}

/** A text within the quotes of a statement. */
function inside(text: string): string {
  return `(${text} | replace "$" "$$" | toRawJson | trimPrefix "\\"" | trimSuffix "\\"")`
}
