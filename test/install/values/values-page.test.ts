import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { valuesPage } from '../../../scripts/values-page.ts'
import { IMAGES } from '../../../src/install/values/images.ts'
import { readValues } from '../../../src/install/values/read-values.ts'
import type { SchemaNode } from '../../../src/install/values/schema-node.ts'
import { describeValueMistake } from '../../../src/install/values/value-mistake.ts'
import { VALUES_SCHEMA } from '../../../src/install/values/values-schema.ts'
import { root } from '../../source-files.ts'

const read = (path: string) => readFileSync(join(root, path), 'utf8')

test('docs/values.md is what `npm run docs` writes', () => {
  expect(read('docs/values.md')).toBe(valuesPage())
})

test('every value has a default and a sentence', () => {
  const leaves = (node: SchemaNode, path: string): Array<readonly [string, SchemaNode]> =>
    'properties' in node
      ? Object.entries(node.properties).flatMap(([name, field]) => leaves(field, `${path}.${name}`))
      : [[path, node]]
  const all = leaves(VALUES_SCHEMA, '')
  expect(all.length).toBeGreaterThan(60)
  const bare = all.filter(([, node]) => !('default' in node) || !/^[A-Z].*\.$/.test(node.description ?? ''))
  expect(bare.map(([path]) => path)).toEqual([])
})

describe('docs/install.md', () => {
  const page = read('docs/install.md')

  test('names the images', () => {
    for (const image of Object.values(IMAGES)) expect(page).toContain(`| \`${image}\` |`)
  })

  test('shows values that are good, and one that is not, with what is said of it', () => {
    const files = [...page.matchAll(/```yaml\n# values\.yaml\n([\s\S]*?)```/g)].map((match) => parse(String(match[1])))
    const told = files.map((values) =>
      readValues([{ source: 'values.yaml', values }]).mistakes.map(describeValueMistake),
    )
    expect(told).toHaveLength(2)
    expect(told[1]).toEqual([])
    expect(page).toContain(told[0]?.[0])
  })
})
