import type { SchemaNode } from './schema-node.ts'

/** Takes a path such as `collector.nodeSelector.kubernetes\.io/os`, gives its parts: a dot within a key has a backslash. */
export function splitPath(path: string): string[] {
  return (path.match(/(?:\\.|[^.\\])+/g) ?? []).map((part) => part.replace(/\\(.)/g, '$1'))
}

/** Takes the parts of a path and a value, gives the object that has just this value. */
export function valueAt(parts: readonly string[], value: unknown): unknown {
  return parts.reduceRight<unknown>((inner, part) => Object.fromEntries([[part, inner]]), value)
}

/** Takes a schema and the parts of a path, gives the schema of what is there; undefined where there is nothing. */
export function schemaAt(schema: SchemaNode, parts: readonly string[]): SchemaNode | undefined {
  return parts.reduce<SchemaNode | undefined>(
    (node, part) => (node === undefined ? undefined : below(node, part)),
    schema,
  )
}

function below(node: SchemaNode, part: string): SchemaNode | undefined {
  if ('properties' in node) return Object.hasOwn(node.properties, part) ? node.properties[part] : undefined
  return 'additionalProperties' in node ? node.additionalProperties : undefined
}
