import { allowedNamesOf } from '../config/caller-settings.ts'
import type { SettingValues } from '../config/setting-values.ts'
import type { CallerRule } from '../http/caller-authentication.ts'
import { type FollowParts, followClientAuthorities } from './follow-certificates.ts'

/** Who may call, and how to hear of other CAs. */
export interface Callers {
  /** Absent: anybody. */
  readonly rule?: CallerRule
  readonly follow: (use: (caPem: string) => void) => void
  readonly stop: () => void
}

/** Takes what `serve` was told, gives who may call. Throws CertificateFileError when the CA file cannot be used. */
export async function openCallers(values: SettingValues<'serve'>, parts: FollowParts): Promise<Callers> {
  if (values.clientCaFile === undefined) return { follow: () => {}, stop: () => {} }
  const { first, follow, stop } = await followClientAuthorities(values.clientCaFile, parts)
  return { rule: { caPem: first, allowedNames: allowedNamesOf(values.clientAllowedNames) }, follow, stop }
}
