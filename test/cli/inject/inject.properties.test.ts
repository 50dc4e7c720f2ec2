import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseAllDocuments, stringify } from 'yaml'
import { inject } from './inject-streams.ts'

const numRuns = Math.min(Number(process.env['FUZZ_RUNS'] ?? 300), 20_000)
/** A run takes a few ms, five times that on a busy machine; FUZZ_RUNS may be set without the mode that has hours. */
const timeout = 30_000 + numRuns * 100

/** Text that YAML has many ways to write, and that is easily taken for something else. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    'yes',
    '1e3',
    '0o17',
    '1.20',
    '~',
    '',
    ' # no comment',
    '---',
    'a: b',
    '- a',
    'x\n\ny\n',
    '*a',
    '&a',
    '!t',
  ),
)
const value = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, text, fc.integer(), fc.boolean(), fc.constant(null), tie('list'), tie('map')),
  list: fc.array(tie('value'), { maxLength: 3 }),
  map: fc.dictionary(text, tie('value'), { maxKeys: 3 }),
})).map
const style = fc.record({
  indent: fc.constantFrom(2, 4, 3),
  indentSeq: fc.boolean(),
  lineWidth: fc.constantFrom(0, 20, 80),
  defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'),
  collectionStyle: fc.constantFrom('any', 'any', 'flow'),
  flowCollectionPadding: fc.boolean(),
} as const)
const endOfLine = fc.constantFrom('\n', '\r\n')
const between = fc.constantFrom('---\n', '# c\n---\n', '---\n# c\n\n', '...\n---\n', '...\n# c\n---\n', '---\n\n')

interface Written {
  readonly text: string
  readonly changes: boolean
}

const pod = (extra: unknown, image: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  extra,
  metadata: { name: 'p', labels: { a: 'b' } },
  spec: { odd: extra, containers: [{ name: 'linkerd-proxy', image, extra, env: [{ name: 'A', value: '1' }] }] },
})

const documents = fc.array(
  fc
    .record({
      extra: value,
      changes: fc.boolean(),
      options: style,
      version: fc.constantFrom('edge-26.8.3', 'stable-2.14.0'),
    })
    .map(({ extra, changes, options, version }): Written => {
      const what = changes ? pod(extra, `r/proxy:${version}`) : { apiVersion: 'v1', kind: 'Other', extra }
      return { text: stringify(what, options), changes }
    }),
  { minLength: 1, maxLength: 4 },
)

test(
  'documents in which nothing changes are printed to the byte, and what is printed does not change again',
  async () => {
    await fc.assert(
      fc.asyncProperty(documents, between, endOfLine, async (written, separator, eol) => {
        const convert = (part: string) => part.replaceAll(/\r?\n/g, eol)
        const input = convert(written.map((document) => document.text).join(separator))
        const { code, stdout, stderr } = await inject({}, input)
        expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
        let from = 0
        for (const document of written.filter(({ changes }) => !changes)) {
          const at = stdout.indexOf(convert(document.text), from)
          expect(at, 'an untouched document is printed, in its order').toBeGreaterThanOrEqual(from)
          from = at + convert(document.text).length
        }
        if (written.every(({ changes }) => !changes)) expect(stdout).toBe(input)
        expect((await inject({}, stdout)).stdout).toBe(stdout)
        // What the changed ones say besides our changes is compared by `inject` itself, which would have ended with 1.
        expect(parseAllDocuments(stdout)).toHaveLength(parseAllDocuments(input).length)
      }),
      { numRuns },
    )
  },
  timeout,
)

test(
  'whatever the input, there is an answer: documents or errors, never a fault',
  async () => {
    const pieces = fc.constantFrom(
      ...'kind: Pod\n|apiVersion: v1\n|spec:\n|  containers:\n|    - name: linkerd-proxy\n|&a |*a\n|<<: *a\n|---\n|...\n|%YAML 1.2\n|{|}|[|]|,|: |- |"|\'|#|\n|  |\t|!t |? |>\n||\n|\r\n|\uFEFF|metadata:\n|  annotations:\n|null\n'.split(
        '|',
      ),
    )
    const odd = fc.array(fc.oneof(pieces, text), { maxLength: 30 }).map((parts) => parts.join(''))
    await fc.assert(
      fc.asyncProperty(odd, async (input) => {
        const { code, stdout, stderr } = await inject({}, input)
        if (code === 1)
          expect({ stdout, isTold: /^error: stdin: document/.test(stderr) }).toEqual({ stdout: '', isTold: true })
        else expect((await inject({}, stdout)).stdout).toBe(stdout)
      }),
      { numRuns: numRuns * 5 },
    )
  },
  timeout,
)
