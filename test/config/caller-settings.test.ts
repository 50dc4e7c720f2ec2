import { expect, test } from 'vitest'
import { allowedNamesOf } from '../../src/config/caller-settings.ts'
import { resolveSettings } from '../../src/config/resolve-settings.ts'

test('names are separated by commas; none at all means any', () => {
  expect(allowedNamesOf(' kube-apiserver, a.b ')).toEqual(['kube-apiserver', 'a.b'])
  expect(allowedNamesOf('')).toEqual([])
  expect(allowedNamesOf(undefined)).toEqual([])
})

const resolve = (flags: Record<string, string>) => resolveSettings({ command: 'serve', flags, env: {} })

test.each([
  [{ clientAllowedNames: 'a' }, /--client-allowed-names .*"a": needs --client-ca-file too/],
  [{ clientAllowedNames: 'a,,b', clientCaFile: 'ca.crt' }, /"a,,b": must be names with one comma between them/],
  [{ clientAllowedNames: ',', clientCaFile: 'ca.crt' }, /",": must be names with one comma between them/],
])('%j is refused, with the rule', (flags, message) => {
  expect(() => resolve(flags)).toThrowError(message)
})

test.each([
  [{ clientCaFile: 'ca.crt', clientAllowedNames: '' }, {}, /--client-allowed-names .*"": must name who may call/],
  [{ clientCaFile: 'ca.crt', clientAllowedNames: '  ' }, {}, /" {2}": must name who may call/],
  [{ clientCaFile: 'ca.crt' }, { LINKERD_TRACING_CLIENT_ALLOWED_NAMES: '' }, /CLIENT_ALLOWED_NAMES.*"": must name who/],
])('a list of names that came out empty is not anybody: %j %j', (flags, env, message) => {
  expect(() => resolveSettings({ command: 'serve', flags, env })).toThrowError(message)
})

test('a CA alone, or with names, is taken', () => {
  expect(resolve({ clientCaFile: 'ca.crt' }).values.clientCaFile).toBe('ca.crt')
  expect(resolve({ clientCaFile: 'ca.crt', clientAllowedNames: 'a' }).values.clientAllowedNames).toBe('a')
})
