import { INSTALL_FLAGS, LINKERD_NAMESPACE_FLAG } from '../src/cli/install/install-flags.ts'
import { HA_VALUES } from '../src/install/values/ha-values.ts'
import { mergeValues } from '../src/install/values/merge-values.ts'
import { defaultValues } from '../src/install/values/read-values.ts'
import type { SchemaNode } from '../src/install/values/schema-node.ts'
import { VALUES_SCHEMA } from '../src/install/values/values-schema.ts'

/** Gives the text of docs/values.md, made from the schema of the values (`npm run docs` writes it). */
export function valuesPage(): string {
  return [
    '# Values',
    '',
    'Made from `src/install/values` by `npm run docs`; edit the schema, not this page. [Install](install.md) tells how values are said.',
    '',
    'In a file a dot is a level: `collector.replicas` is `replicas` below `collector`. With `--set` it stays a dot.',
    '',
    '| value | default | flag | what |',
    '|---|---|---|---|',
    ...rowsOf(VALUES_SCHEMA, []),
    '',
  ].join('\n')
}

const FLAGS = [...INSTALL_FLAGS, { ...LINKERD_NAMESPACE_FLAG, kind: 'value' }]

function rowsOf(node: SchemaNode, path: readonly string[]): string[] {
  if (!('properties' in node)) return [row(node, path)]
  return Object.entries(node.properties).flatMap(([name, field]) => rowsOf(field, [...path, name]))
}

function row(node: SchemaNode, path: readonly string[]): string {
  const name = path.join('.')
  const flag = FLAGS.find((row) => row.path === name)
  const flagCell = flag === undefined ? '' : `\`--${flag.kind === 'off' ? 'no-' : ''}${flag.flag}\``
  const cells = [`\`${name}\``, defaultCell(path), flagCell, sentence(node)]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

function defaultCell(path: readonly string[]): string {
  const at = (values: unknown) => JSON.stringify(path.reduce((value, key) => Object(value)[key] as unknown, values))
  const [usual, ha] = [at(defaultValues()), at(mergeValues(defaultValues(), HA_VALUES))]
  return usual === ha ? `\`${usual}\`` : `\`${usual}\`, with \`ha\` \`${ha}\``
}

function sentence(node: SchemaNode): string {
  const words =
    node.type === 'string' && node.enum !== undefined
      ? ` One of ${node.enum.map((word) => `\`${word}\``).join(', ')}.`
      : ''
  return `${node.description ?? ''}${words}`
}
