/** Why a Pod cannot be traced as it is set up. */
export interface SettingFault {
  readonly reason: 'invalid-setting' | 'unsupported-proxy'
  /** Names the setting, its value and the rule. */
  readonly sentence: string
}

export function invalidSetting(sentence: string): SettingFault {
  return { reason: 'invalid-setting', sentence }
}

export function unsupportedProxy(sentence: string): SettingFault {
  return { reason: 'unsupported-proxy', sentence }
}
