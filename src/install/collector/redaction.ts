import type { Components } from '../component-config.ts'
import { literal } from './literal.ts'
import { plainAttributes } from './plain-attributes.ts'
import {
  NAME_SECRETS,
  NESTED_QUERY,
  nestedSecret,
  secretKey,
  TEXT_QUERY,
  TEXT_USER_INFO,
  textSecret,
  URL_SECRETS,
} from './redaction-patterns.ts'
import type { RedactionSettings } from './redaction-settings.ts'

/** What stands in place of a secret; the redaction processor writes the same. */
const MASK = '****'

/**
 * Takes the settings, gives the processors that take secrets out, in their order: `transform` knows URLs, the names of
 * spans and their messages; `redaction` masks attributes by name, and what in their values looks like a secret.
 */
export function redactionProcessors(settings: RedactionSettings): Components {
  const { enabled, secretNames, secretValues, keptNames } = settings
  if (!enabled) return {}
  const nested = secretNames.length > 0 ? [nestedSecret(secretNames)] : []
  return {
    'transform/redaction': {
      // spans that could not be redacted are dropped rather than passed on
      error_mode: 'propagate',
      trace_statements: [
        { context: 'resource', statements: attributeStatements('resource.attributes') },
        { context: 'scope', statements: attributeStatements('scope.attributes') },
        { context: 'span', statements: spanStatements(settings) },
        { context: 'spanevent', statements: eventStatements(settings) },
      ].map(({ context, statements }) => ({ context, statements: statements.map(literal) })),
    },
    redaction: {
      allow_all_keys: true,
      ignored_keys: [...plainAttributes(settings), ...keptNames].map(literal),
      blocked_key_patterns: secretNames.length > 0 ? [literal(secretKey(secretNames))] : [],
      blocked_values: [...secretValues, textSecret(secretNames), ...nested, NESTED_QUERY, TEXT_USER_INFO].map(literal),
      // lists and maps too, as JSON text
      redact_all_types: true,
      summary: 'silent',
    },
  }
}

/** Does nothing without the argument that `redactionArguments` gives. */
const NO_LINKS = 'set(span.links, nil)'

/**
 * Takes the settings, gives arguments that the collector needs beside its configuration: until OTTL’s `set` takes nil by
 * itself, as is announced for it, a feature gate has it do so.
 */
export function redactionArguments({ enabled, links }: RedactionSettings): string[] {
  return enabled && links === 'remove' ? ['--feature-gates=ottl.set.allowNil'] : []
}

function spanStatements(settings: RedactionSettings): string[] {
  return [
    ...urlStatements('span.attributes', settings),
    ...attributeStatements('span.attributes'),
    replace('span.name', [NAME_SECRETS, '$1']),
    ...textStatements('span.name', settings),
    ...textStatements('span.status.message', settings),
    ...(settings.links === 'remove' ? [NO_LINKS] : []),
  ]
}

function eventStatements(settings: RedactionSettings): string[] {
  return [
    ...urlStatements('spanevent.attributes', settings),
    ...attributeStatements('spanevent.attributes'),
    ...textStatements('spanevent.name', settings),
  ]
}

function urlStatements(attributes: string, { urlAttributes, queryAttributes }: RedactionSettings): string[] {
  return [
    ...queryAttributes.map((key) => `delete_key(${attributes}, ${JSON.stringify(key)})`),
    ...urlAttributes.flatMap((key) => {
      const target = `${attributes}[${JSON.stringify(key)}]`
      return [replace(target, USER_INFO), replace(target, [URL_SECRETS, '$1'])]
    }),
  ]
}

/** Of every attribute that is a text. Other secrets in it are masked later. */
function attributeStatements(attributes: string): string[] {
  return URLS_IN_TEXTS.map(
    ([pattern, by]) =>
      `replace_all_patterns(${attributes}, "value", ${JSON.stringify(pattern)}, ${JSON.stringify(by)})`,
  )
}

function textStatements(target: string, { secretNames, secretValues }: RedactionSettings): string[] {
  const values: Rule[] = secretValues.length > 0 ? [[secretValues.map((value) => `(?:${value})`).join('|'), MASK]] : []
  const named: Rule = [textSecret(secretNames), `\${1}\${2}${MASK}`]
  return [...URLS_IN_TEXTS, named, ...values].map((rule) => replace(target, rule))
}

/** A pattern, and what what it fits is replaced by. */
type Rule = readonly [pattern: string, by: string]

const USER_INFO: Rule = [TEXT_USER_INFO, '://']

const URLS_IN_TEXTS: readonly Rule[] = [USER_INFO, [TEXT_QUERY, '$1']]

function replace(target: string, [pattern, by]: Rule): string {
  return `replace_pattern(${target}, ${JSON.stringify(pattern)}, ${JSON.stringify(by)})`
}
