import { expect, test } from 'vitest'
import { alignColumns } from '../../../src/cli/status/columns.ts'

test('a table may have 150,000 rows, as of routes with a name in each', () => {
  const rows = Array.from({ length: 150_000 }, (_, index) => [{ text: `/users/${index}` }, { text: 'x' }])
  const lines = alignColumns(rows, false)
  expect(lines).toHaveLength(150_000)
  expect(lines[0]).toBe('/users/0        x')
})
