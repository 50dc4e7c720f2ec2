import { HA_VALUES } from '../../src/install/values/ha-values.ts'
import type { SchemaNode } from '../../src/install/values/schema-node.ts'
import { VALUES_SCHEMA } from '../../src/install/values/values-schema.ts'

type Fields = Record<string, SchemaNode>
/** A schema in which fields of any object may be required. */
export type ChartSchema = Readonly<Record<string, unknown>>

/** Values that the chart has beside those of `install`. */
const CHART_FIELDS: Fields = {
  createNamespace: {
    type: 'boolean',
    default: false,
    description:
      'Whether the chart has the Namespace, with its labels. Not together with `helm install --create-namespace`.',
  },
}

/**
 * The values of the chart: those of `install`, but for the namespace, which is the release's, and for pieces of one's own of the
 * collector's configuration, which only `install` can check.
 */
export function chartFields(): Fields {
  const { namespace, collector, ...fields } = VALUES_SCHEMA.properties
  const { config, ...ofCollector } = collector.properties
  return { ...CHART_FIELDS, ...fields, collector: { ...collector, properties: ofCollector } }
}

/** Gives `values.schema.json`. Helm checks all values together, defaults included: what has a default must be there. */
export function chartSchema(): ChartSchema {
  const root = strict({ type: 'object', properties: chartFields(), additionalProperties: false }, [])
  // Helm adds it to the values of every chart
  const properties = { ...(root['properties'] as object), global: { type: 'object' } }
  return { $schema: 'http://json-schema.org/draft-07/schema#', title: 'linkerd-tracing', ...root, properties }
}

function strict(node: SchemaNode, path: readonly string[]): ChartSchema {
  if (!('properties' in node)) return { ...node }
  const fields = Object.entries(node.properties)
  const properties = Object.fromEntries(fields.map(([name, field]) => [name, strict(field, [...path, name])]))
  const required = fields.filter(([name]) => !isPreset([...path, name])).map(([name]) => name)
  return { ...node, properties, required }
}

/** Takes the path of a value, tells whether its default depends on `ha`: it has none in `values.yaml`. */
export function isPreset(path: readonly string[]): boolean {
  const presets: unknown = HA_VALUES
  return path.reduce((value, key) => Object(value)[key] as unknown, presets) !== undefined && path.length > 1
}
