import { isKubernetesLabel } from '../injection/dns-name.ts'
import { TRACE_PROTOCOLS } from '../injection/install-settings.ts'
import { isHost, parseAddress } from './parse-address.ts'
import { parseBytes } from './parse-bytes.ts'
import { parseDuration, parseFraction } from './parse-duration.ts'
import type { SettingKind } from './setting.ts'
import { CERTIFICATE_MODES, LOG_LEVELS } from './setting-values.ts'

/** A value, or the rule that the text breaks, as the end of a sentence that starts with the setting's name. */
export type ParsedSetting = { readonly value: boolean | number | string } | { readonly rule: string }

type Parse = (text: string) => ParsedSetting

const PARSE: Readonly<Record<SettingKind, Parse>> = {
  address: parseAddress,
  boolean: (text) =>
    text === 'true' || text === 'false' ? { value: text === 'true' } : { rule: 'must be true or false' },
  bytes: parseBytes,
  certs: oneOf(CERTIFICATE_MODES),
  // Ten million spans of any size that spans have do not fit into a Pod.
  count: wholeNumber(10_000_000),
  duration: parseDuration,
  fraction: parseFraction,
  host: (text) => (isHost(text) ? { value: text } : { rule: 'must be an IP address or a host name' }),
  'log-level': oneOf(LOG_LEVELS),
  namespace: (text) =>
    isKubernetesLabel(text)
      ? { value: text }
      : {
          rule: 'must be a Namespace’s name: 1 to 63 lower-case letters, digits and dashes, with no dash at either end',
        },
  path: (text) =>
    text !== '' && !text.includes('\0') ? { value: text } : { rule: 'must be a path; it cannot be empty' },
  port: wholeNumber(65_535),
  protocol: oneOf(TRACE_PROTOCOLS),
  // An hour: longer than any grace period, and below the 2^31 ms that a timer can hold.
  seconds: wholeNumber(3600),
  text: (text) => ({ value: text }),
  url: (text) =>
    URL.canParse(text) && new URL(text).protocol === 'https:' ? { value: text } : { rule: 'must be an https:// URL' },
}

/** Takes a setting's kind and its text, gives the value or the rule that it breaks. Pure. */
export function parseSetting(kind: SettingKind, text: string): ParsedSetting {
  return PARSE[kind](text)
}

function oneOf(words: readonly string[]): Parse {
  return (text) => (words.includes(text) ? { value: text } : { rule: `must be one of ${words.join(', ')}` })
}

function wholeNumber(max: number): Parse {
  // Number() alone would take "", " 1", "1e3" and "0x10".
  return (text) =>
    /^\d{1,8}$/.test(text) && Number(text) <= max
      ? { value: Number(text) }
      : { rule: `must be a whole number from 0 to ${max}` }
}
