import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitLines } from '../../src/kubernetes/json-lines.ts'

async function* from(chunks: readonly string[]): AsyncGenerator<string> {
  yield* chunks
}

async function linesOf(chunks: readonly string[], maxLength?: number): Promise<string[]> {
  const lines: string[] = []
  for await (const line of splitLines(from(chunks), maxLength)) lines.push(line)
  return lines
}

test('lines are the same however the text is cut into chunks', async () => {
  const line = fc.string({ maxLength: 8 }).map((text) => text.replaceAll('\n', '¶'))
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.array(fc.nat({ max: 5 })), async (lines, cuts) => {
      const chunks: string[] = []
      let rest = lines.map((each) => `${each}\n`).join('')
      for (const cut of cuts) {
        chunks.push(rest.slice(0, cut))
        rest = rest.slice(cut)
      }
      expect(await linesOf([...chunks, rest])).toEqual(lines)
    }),
  )
})

test('a line that was cut off is left out', async () => {
  expect(await linesOf(['{"a":1}\n{"b"', ':2'])).toEqual(['{"a":1}'])
})

test('a line without end is refused before it fills the memory; many short ones are not', async () => {
  await expect(linesOf(['12345', '67890', '1'], 10)).rejects.toThrow('a line of more than 10 characters')
  expect(
    await linesOf(
      Array.from({ length: 100 }, () => '12345\n'),
      10,
    ),
  ).toHaveLength(100)
})
