/** Why a Pod cannot be traced as it is set up. */
export interface SettingFault {
  readonly reason: 'invalid-setting' | 'unsupported-proxy'
  /** Names the setting, its value and the rule. */
  readonly sentence: string
}

/** The proxy would refuse the setting, or it breaks a rule of ours. */
export function invalidSetting(sentence: string): SettingFault {
  return { reason: 'invalid-setting', sentence }
}

/** Each setting is valid, but together they cannot work with this proxy. */
export function unsupportedProxy(sentence: string): SettingFault {
  return { reason: 'unsupported-proxy', sentence }
}
