import { variableOf } from './setting.ts'
import type { SettingMistake } from './setting-mistake.ts'
import type { SettingValues } from './setting-values.ts'

type Values = Partial<
  Pick<
    SettingValues<'serve'>,
    'certs' | 'caLifetime' | 'caRenewAt' | 'servingLifetime' | 'servingRenewAt' | 'bundleSettleSeconds'
  >
>

/**
 * Takes the settings of certificates and where each came from (by flag), gives what cannot work together: a renewal that
 * comes too late for what follows it. Only self-managed certificates have such rules.
 */
export function rotationMistakes(
  values: Values,
  sources: Readonly<Record<string, SettingMistake['source']>>,
): SettingMistake[] {
  const { certs, caLifetime = 0, caRenewAt = 0, servingLifetime = 0, servingRenewAt = 0 } = values
  if (certs !== 'self-managed') return []
  const settleMs = (values.bundleSettleSeconds ?? 0) * 1000
  const mistake = (flag: string, value: number, rule: string): SettingMistake => {
    const seconds = `${value / 1000}s`
    return { flag, variable: variableOf(flag), source: sources[flag] ?? 'default', value: seconds, rule }
  }
  const mistakes: SettingMistake[] = []
  if (servingLifetime > caLifetime) {
    mistakes.push(mistake('serving-lifetime', servingLifetime, 'must not be longer than --ca-lifetime'))
  }
  // Twice: a tenth of it is given away as jitter, and the bundle has to be written before it can settle.
  if (caLifetime * (1 - caRenewAt) < 2 * settleMs) {
    const rule = 'what is left of it after --ca-renew-at must be twice --bundle-settle-seconds at least'
    mistakes.push(mistake('ca-lifetime', caLifetime, rule))
  }
  if (servingLifetime * (1 - servingRenewAt) < 1_000) {
    const rule = 'what is left of it after --serving-renew-at must be a second at least'
    mistakes.push(mistake('serving-lifetime', servingLifetime, rule))
  }
  return mistakes
}
