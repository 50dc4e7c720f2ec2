import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { NamespacesFileError, parseNamespaces, readNamespacesFile } from '../../src/kubernetes/namespaces-file.ts'

const parsed = (text: string) => Object.fromEntries(parseNamespaces('ns.yaml', text))
const empty = { labels: {}, annotations: {} }

test('documents, Lists and NamespaceLists; empty documents count for nothing', () => {
  const text = `
# only a comment
---
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: { tracing.linkerd.io/inject: enabled }
  annotations:
    config.linkerd.io/trace-collector: otel.obs:4317
---
kind: List
items:
  - kind: Namespace
    metadata: { name: a, labels: null }
  - kind: List
    items: [{ kind: Namespace, metadata: { name: b } }]
---
kind: NamespaceList
items: [{ metadata: { name: c } }]
---
kind: List
---
`
  expect(parsed(text)).toEqual({
    shop: {
      labels: { 'tracing.linkerd.io/inject': 'enabled' },
      annotations: { 'config.linkerd.io/trace-collector': 'otel.obs:4317' },
    },
    a: empty,
    b: empty,
    c: empty,
  })
})

test('JSON is YAML', () => {
  expect(parsed('{"kind":"Namespace","metadata":{"name":"x"}}')).toEqual({ x: empty })
})

test('an empty file has no Namespaces', () => {
  expect(parsed('')).toEqual({})
})

test('a Namespace named __proto__ or labels like that harm nobody', () => {
  const namespaces = parseNamespaces(
    'f',
    '{"kind":"Namespace","metadata":{"name":"__proto__","labels":{"__proto__":"x"}}}',
  )
  expect(namespaces.get('__proto__')).toBeDefined()
  expect(({} as Record<string, unknown>)['x']).toBeUndefined()
})

test.each([
  ['kind: Pod', 'ns.yaml, document 1: kind must be Namespace or List, not "Pod"'],
  ['{}', 'ns.yaml, document 1: kind must be Namespace or List, not absent'],
  ['just text', 'ns.yaml, document 1: kind must be Namespace or List, not absent'],
  ['kind: Namespace', 'ns.yaml, document 1: metadata must be a mapping'],
  ['kind: List\nitems: 7', 'ns.yaml, document 1: items must be a list'],
  ['kind: List\nitems: [{ kind: Pod }]', 'ns.yaml, document 1, items[0]: kind must be Namespace or List, not "Pod"'],
  ['kind: NamespaceList\nitems: [7]', 'ns.yaml, document 1, items[0]: kind must be Namespace or List, not absent'],
  ['---\n---\nkind: Namespace\nmetadata: {}', 'ns.yaml, document 2: metadata.name must be a text, not absent'],
  ['kind: Namespace\nmetadata: { name: 7 }', 'ns.yaml, document 1: metadata.name must be a text, not 7'],
  ['kind: Namespace\nmetadata: { name: a, labels: [] }', 'ns.yaml, document 1: metadata.labels must be a mapping'],
  [
    'kind: Namespace\nmetadata: { name: a, annotations: { x: true } }',
    'ns.yaml, document 1: metadata.annotations[x] must be a text, not true',
  ],
  [
    'kind: Namespace\nmetadata: { name: a }\n---\nkind: Namespace\nmetadata: { name: a }',
    'ns.yaml, document 2: Namespace "a" is there twice',
  ],
])('%j is refused by file, document and field', (text, message) => {
  expect(() => parseNamespaces('ns.yaml', text)).toThrowError(new NamespacesFileError(message))
})

test('YAML that cannot be read is refused with the line', () => {
  expect(() => parsed('kind: Namespace\nmetadata: {')).toThrowError(/^ns\.yaml, document 1: .* line 2/)
  expect(() => parsed('kind: Namespace\nkind: Namespace')).toThrowError(/document 1: Map keys must be unique/)
  expect(() => parsed('kind: *nowhere')).toThrowError(/document 1: Unresolved alias/)
})

test('the file gives a reader; what is not in it is unknown', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'namespaces-'))
  try {
    const file = join(folder, 'ns.yaml')
    await writeFile(file, 'kind: Namespace\nmetadata: { name: a }\n')
    const readNamespace = await readNamespacesFile(file)
    expect(readNamespace('a')).toEqual(empty)
    expect(readNamespace('b')).toBeUndefined()
    await expect(readNamespacesFile(join(folder, 'none.yaml'))).rejects.toThrowError(
      /none\.yaml cannot be read: ENOENT/,
    )
  } finally {
    await rm(folder, { recursive: true })
  }
})
