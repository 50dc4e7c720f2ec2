import { expect, test } from 'vitest'
import { noteLine } from '../../src/cli/note-line.ts'

test('a note is a line of its own, and steers no terminal', () => {
  expect(noteLine('Namespace \u001b[2Jshop is not known')).toBe('note: Namespace \\u001b[2Jshop is not known\n')
})
