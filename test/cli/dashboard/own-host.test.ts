import { expect, test } from 'vitest'
import { isOwnHost } from '../../../src/cli/dashboard/own-host.ts'

test.each([
  ['127.0.0.1', 80, true],
  ['localhost', 80, true],
  ['127.0.0.1:80', 80, true],
  ['evil.example', 80, false],
  ['127.0.0.1', 8080, false],
])('%s at port %i: %s, as browsers leave out port 80 and no other', (host, port, expected) => {
  expect(isOwnHost(host, port)).toBe(expected)
})
