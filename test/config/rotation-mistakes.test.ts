import { expect, test } from 'vitest'
import { resolveSettings } from '../../src/config/resolve-settings.ts'
import { SettingsError } from '../../src/config/setting-mistake.ts'

function mistakes(flags: Record<string, string>): string[] {
  try {
    resolveSettings({ command: 'serve', flags, env: {} })
    return []
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return error.mistakes.map(({ flag, rule }) => `${flag}: ${rule}`)
  }
}
const SELF_MANAGED = { certs: 'self-managed' }

test('the defaults work together, and so do seconds', () => {
  expect(mistakes(SELF_MANAGED)).toEqual([])
  const seconds = { servingLifetime: '6s', caLifetime: '36s', clockSkew: '2s', bundleSettleSeconds: '2' }
  expect(mistakes({ ...SELF_MANAGED, ...seconds })).toEqual([])
})

test('all that cannot work together is said at once, with what does not parse', () => {
  const flags = { caLifetime: '100s', servingLifetime: '200s', servingRenewAt: '0.999', clockSkew: '1' }
  expect(mistakes({ ...SELF_MANAGED, ...flags }).map((text) => text.split(':')[0])).toEqual([
    'clock-skew',
    'serving-lifetime',
    'ca-lifetime',
    'serving-lifetime',
  ])
})

test('only self-managed certificates have these rules', () => {
  expect(mistakes({ caLifetime: '1s', servingLifetime: '7d' })).toEqual([])
})
