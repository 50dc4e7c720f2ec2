import { stringify } from 'yaml'
import { HA_VALUES } from '../../src/install/values/ha-values.ts'
import { defaultsOf, type SchemaNode } from '../../src/install/values/schema-node.ts'
import { chartFields, isPreset } from './helm-schema.ts'

/** Gives `values.yaml`: every default, with its sentence above it. */
export function chartValues(): string {
  const head = [
    '# Written by `npm run manifests` from src/install/values. What `linkerd-tracing install` takes by `--values`, this chart takes too,',
    '# but for `namespace` (the release’s) and `collector.config`.',
  ]
  return [...head, ...linesOf(chartFields(), [])].join('\n').concat('\n')
}

function linesOf(fields: Readonly<Record<string, SchemaNode>>, path: readonly string[]): string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const place = [...path, name]
    const indent = '  '.repeat(path.length)
    const comment = field.description === undefined ? [] : [`${indent}# ${field.description}`]
    const space = path.length === 0 ? [''] : []
    return [...space, ...comment, ...valueLines(field, place).map((line) => indent + line)]
  })
}

function valueLines(field: SchemaNode, path: readonly string[]): string[] {
  const name = path.at(-1) ?? ''
  // the lines within are indented by their own path
  if ('properties' in field)
    return [`${name}:`, ...linesOf(field.properties, path).map((line) => line.slice(2 * (path.length - 1)))]
  const text = (value: unknown) =>
    stringify({ [name]: value }, { lineWidth: 0 })
      .trimEnd()
      .split('\n')
  if (!isPreset(path)) return text(defaultsOf(field))
  const ha = path.reduce((value: unknown, key) => Object(value)[key] as unknown, HA_VALUES)
  return text(defaultsOf(field)).map((line) => `# ${line} (with ha: ${ha})`)
}
