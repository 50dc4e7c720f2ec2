import type { Components } from '../component-config.ts'
import { literal } from './literal.ts'
import {
  NAME_PARAMETERS,
  NAME_QUERY,
  NESTED_QUERY,
  nestedSecret,
  PATH_PARAMETERS,
  secretKey,
  TEXT_HEADER,
  TEXT_PASSWORD,
  TEXT_QUERY,
  TEXT_USER_INFO,
  textSecret,
  URL_QUERY,
  URL_USER_INFO,
} from './redaction-patterns.ts'
import type { RedactionSettings } from './redaction-settings.ts'

/** What stands in place of a secret; the redaction processor writes the same. */
const MASK = '****'

/**
 * Takes the settings, gives the processors that take secrets out, in their order: `transform` knows URLs, names and
 * texts; `redaction` masks by name and searches whatever is no text.
 */
export function redactionProcessors(settings: RedactionSettings): Components {
  if (!settings.enabled) return {}
  return {
    'transform/redaction': {
      // a span that could not be redacted is dropped rather than passed on
      error_mode: 'propagate',
      trace_statements: [
        { context: 'resource', statements: attributeStatements('resource.attributes', settings) },
        { context: 'scope', statements: attributeStatements('scope.attributes', settings) },
        { context: 'span', statements: spanStatements(settings) },
        { context: 'spanevent', statements: eventStatements(settings) },
      ],
    },
    redaction: {
      allow_all_keys: true,
      ignored_keys: settings.keptNames,
      blocked_key_patterns: settings.secretNames.length > 0 ? [literal(secretKey(settings.secretNames))] : [],
      blocked_values: [...settings.secretValues, ...nestedPatterns(settings)].map(literal),
      // lists, maps and numbers too, as JSON text
      redact_all_types: true,
      summary: 'silent',
    },
  }
}

function nestedPatterns({ secretNames }: RedactionSettings): string[] {
  const secrets = secretNames.length > 0 ? [nestedSecret(secretNames)] : []
  return [...secrets, NESTED_QUERY, TEXT_PASSWORD, TEXT_USER_INFO]
}

function spanStatements(settings: RedactionSettings): string[] {
  return [
    ...urlStatements('span.attributes', settings),
    ...attributeStatements('span.attributes', settings),
    replace('span.name', NAME_QUERY, '$1'),
    replace('span.name', NAME_PARAMETERS, '$1'),
    ...textStatements('span.name', settings),
    ...textStatements('span.status.message', settings),
    ...(settings.links === 'remove' ? ['set(span.links, nil)'] : []),
  ]
}

function eventStatements(settings: RedactionSettings): string[] {
  return [
    ...urlStatements('spanevent.attributes', settings),
    ...attributeStatements('spanevent.attributes', settings),
    ...textStatements('spanevent.name', settings),
  ]
}

function urlStatements(attributes: string, { urlAttributes, queryAttributes }: RedactionSettings): string[] {
  return [
    ...queryAttributes.map((key) => `delete_key(${attributes}, ${JSON.stringify(key)})`),
    ...urlAttributes.flatMap((key) => {
      const target = `${attributes}[${JSON.stringify(key)}]`
      return [
        replace(target, TEXT_PASSWORD, '://'),
        replace(target, URL_USER_INFO, '$1'),
        replace(target, URL_QUERY, ''),
        replace(target, PATH_PARAMETERS, ''),
      ]
    }),
  ]
}

/** Of every attribute that is a text. What is a secret by its name is masked later. */
function attributeStatements(attributes: string, settings: RedactionSettings): string[] {
  return textRules(settings).map(([pattern, replacement]) => replaceAll(attributes, pattern, replacement))
}

function textStatements(target: string, settings: RedactionSettings): string[] {
  const values = settings.secretValues.map((pattern): [string, string] => [pattern, MASK])
  return [...textRules(settings), ...values].map(([pattern, replacement]) => replace(target, pattern, replacement))
}

function textRules({ secretNames }: RedactionSettings): Array<[pattern: string, replacement: string]> {
  return [
    [TEXT_PASSWORD, '://'],
    [TEXT_USER_INFO, '://'],
    [TEXT_QUERY, '$1'],
    [TEXT_HEADER, `\${1}${MASK}`],
    ...(secretNames.length > 0 ? [[textSecret(secretNames), `\${1}${MASK}`] as [string, string]] : []),
  ]
}

function replace(target: string, pattern: string, replacement: string): string {
  return literal(`replace_pattern(${target}, ${JSON.stringify(pattern)}, ${JSON.stringify(replacement)})`)
}

function replaceAll(attributes: string, pattern: string, replacement: string): string {
  const texts = `${JSON.stringify(pattern)}, ${JSON.stringify(replacement)}`
  return literal(`replace_all_patterns(${attributes}, "value", ${texts})`)
}
