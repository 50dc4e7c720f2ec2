import type { TraceProtocol } from '../injection/install-settings.ts'
import type { SettingKind, SettingsCommand } from './setting.ts'
import type { SETTINGS } from './settings-table.ts'

/** The levels of `--log-level`, most to least talkative. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** What `--certs` takes. */
export const CERTIFICATE_MODES = ['standalone', 'self-managed', 'files'] as const
export type CertificateMode = (typeof CERTIFICATE_MODES)[number]

type Row = (typeof SETTINGS)[number]

type CamelCase<Text extends string> = Text extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Text

type ParsedKind<Kind extends SettingKind> = Kind extends 'boolean'
  ? boolean
  : Kind extends 'port' | 'seconds' | 'duration' | 'fraction' | 'count' | 'bytes'
    ? number
    : Kind extends 'protocol'
      ? TraceProtocol
      : Kind extends 'log-level'
        ? LogLevel
        : Kind extends 'certs'
          ? CertificateMode
          : string

type Parsed<R extends Row> = R extends { readonly default: string }
  ? ParsedKind<R['kind']>
  : ParsedKind<R['kind']> | undefined

/** The parsed settings of a command, by property name; without a default in the table a value may be undefined. */
export type SettingValues<Command extends SettingsCommand> = {
  readonly [R in Row as Command extends R['commands'][number] ? CamelCase<R['flag']> : never]: Parsed<R>
}

/** The settings that the decisions depend on; `serve` and `inject` both have them. */
export type InjectionSettingValues = SettingValues<'inject'>
