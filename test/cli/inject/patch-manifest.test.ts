import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseManifests } from '../../../src/cli/inject/parse-manifests.ts'
import { patchManifest } from '../../../src/cli/inject/patch-manifest.ts'
import type { PatchOperation } from '../../../src/injection/pod-patch.ts'

function patch(text: string, ...operations: PatchOperation[]): string {
  const [document] = parseManifests({ name: 'f', text }).filter((manifest) => manifest.type === 'document')
  if (document === undefined) throw new Error('no document')
  return patchManifest(document, operations)
}

const add = (path: string, value: unknown): PatchOperation => ({ op: 'add', path, value })
const replace = (path: string, value: unknown): PatchOperation => ({ op: 'replace', path, value })
const remove = (path: string): PatchOperation => ({ op: 'remove', path })

describe('operations on YAML', () => {
  test.each<{ does: string; text: string; operation: PatchOperation; expected: string }>([
    {
      does: 'adds a member at the end',
      text: 'a: 1 # one\n',
      operation: add('/b', 'x'),
      expected: 'a: 1 # one\nb: x\n',
    },
    {
      does: 'replaces a member that is there',
      text: 'a: 1 # one\nb: 2\n',
      operation: add('/a', 3),
      expected: 'a: 3 # one\nb: 2\n',
    },
    { does: 'replaces null', text: 'a:\nb: ~\n', operation: add('/a', { c: [] }), expected: 'a:\n  c: []\nb: ~\n' },
    { does: 'adds at an index', text: 'a:\n- x\n- z\n', operation: add('/a/1', 'w'), expected: 'a:\n- x\n- w\n- z\n' },
    { does: 'adds behind the last', text: 'a: [x]\n', operation: add('/a/-', 'w'), expected: 'a: [x, w]\n' },
    {
      does: 'removes from a list',
      text: 'a:\n  # first\n  - x\n  # second\n  - w\n',
      operation: remove('/a/1'),
      expected: 'a:\n  # first\n  - x\n',
    },
    { does: 'removes a member', text: 'a: &x 1\nb: *x\n', operation: remove('/a'), expected: 'b: 1\n' },
    {
      does: 'unescapes a pointer',
      text: 'a/b:\n  c~d: 1\n',
      operation: replace('/a~1b/c~0d', 2),
      expected: 'a/b:\n  c~d: 2\n',
    },
    {
      does: 'keeps the quotes of a text',
      text: "a: 'x' # c\n",
      operation: replace('/a', "it's"),
      expected: "a: 'it''s' # c\n",
    },
    {
      does: 'keeps a block where it was one',
      text: 'a: |\n  x\n',
      operation: replace('/a', 'w\nz\n'),
      expected: 'a: |\n  w\n  z\n',
    },
    {
      does: 'replaces a mapping by a text',
      text: 'a:\n  # d\n  b: 1\n',
      operation: replace('/a', 'x'),
      expected: 'a:\n  # d\n  x\n',
    },
    {
      does: 'replaces a text by a mapping',
      text: 'a: x # c\nb: 1\n',
      operation: replace('/a', { d: 1 }),
      expected: 'a:\n  d: 1\nb: 1\n',
    },
    {
      does: 'replaces an alias alone',
      text: 'a: &x {v: 1}\nb: *x\n',
      operation: replace('/b', { v: 2 }),
      expected: 'a: &x {v: 1}\nb:\n  v: 2\n',
    },
    {
      does: 'replaces an item',
      text: 'a:\n- b: 1 # c\n  d: 2\n- 1\n',
      operation: replace('/a/0', { d: 2, e: 3 }),
      expected: 'a:\n- d: 2\n  e: 3\n- 1\n',
    },
    {
      does: 'quotes what may be taken for another type',
      text: 'a: 1\n',
      operation: add('/b', 'yes'),
      expected: 'a: 1\nb: "yes"\n',
    },
    {
      does: 'quotes it also where a plain text stood',
      text: 'a: x\n',
      operation: replace('/a', '0777'),
      expected: 'a: "0777"\n',
    },
    {
      does: 'finds a key that is no text by its text',
      text: '1: {2: x}\n',
      operation: replace('/1/2', 'w'),
      expected: '1: {2: w}\n',
    },
  ])('$does', ({ text, operation, expected }) => {
    expect(patch(text, operation)).toBe(expected)
  })

  test('aliases of an anchor that is used again later keep what they stood for', () => {
    const text = 'a: &x {v: 1}\nb: *x\nc: &x {v: 2}\nd: *x\n'
    expect(patch(text, replace('/a/v', 3))).toBe('a: {v: 3}\nb: {v: 1}\nc: &x {v: 2}\nd: *x\n')
  })

  test('a value that the document’s own style writes wrongly is written in another', () => {
    // `yaml` writes the leading blank of the text once more or less beside an indent of 3.
    const text = 'a:\n   b:\n      c: |2-\n         x\n'
    expect(patch(text, add('/d', 1))).toMatch(/\nd: 1\n$/)
  })

  test('a folded text that `yaml` writes wrongly beside every indent is written without a block', () => {
    const text = 'a: >\n    x y\n     \n     \n    x y\n'
    const before = parse(text) as object
    const patched = patch(text, add('/d', 1))
    expect(parse(patched)).toEqual({ ...before, d: 1 })
    expect(patched).not.toContain('>')
  })
})

describe('operations on JSON', () => {
  test('keep indent, Windows line ends and the end of the text', () => {
    expect(patch('{\r\n\t"a": 1.0\r\n}', add('/b', [1]))).toBe('{\r\n\t"a": 1.0,\r\n\t"b": [\r\n\t\t1\r\n\t]\r\n}')
  })
})

test.each([
  ['YAML', 'a: {}\n'],
  ['JSON', '{"a": {}}'],
])('an operation that does not fit is an error that names the document, in %s', (_format, text) => {
  expect(() => patch(text, add('/x/y/z', 1))).toThrow(/^f: document 1 \(line 1\): cannot be edited: .*$/)
})
