/** The kinds of values; each has its parse function in parse-setting.ts. */
export type SettingKind =
  | 'address'
  | 'boolean'
  | 'bytes'
  | 'certs'
  | 'count'
  | 'duration'
  | 'fraction'
  | 'host'
  | 'log-level'
  | 'namespace'
  | 'path'
  | 'port'
  | 'protocol'
  | 'seconds'
  | 'text'
  | 'url'

/** The commands that take settings from the table. */
export type SettingsCommand = 'serve' | 'inject' | 'try' | 'bridge'

/** One row of the settings table. */
export interface Setting {
  /** The long flag without its dashes; the variable is derived from it. */
  readonly flag: string
  /** The one-letter flag without its dash. */
  readonly short?: string
  readonly kind: SettingKind
  /** What stands for the value in `--help`. */
  readonly placeholder: string
  /** The text that is parsed when neither flag nor variable is given. */
  readonly default?: string
  /** What help and the settings page say in place of `default`, where the default is found later. */
  readonly shownDefault?: string
  readonly sentence: string
  readonly commands: readonly SettingsCommand[]
}

/**
 * Takes a flag without dashes, gives the environment variable of the same setting: `LINKERD_TRACING_<FLAG>`.
 */
export function variableOf(flag: string): string {
  return `LINKERD_TRACING_${flag.toUpperCase().replaceAll('-', '_')}`
}

/** Takes a flag without dashes, gives the name that it has as a property (`cert-dir` → `certDir`), as commander does. */
export function propertyOf(flag: string): string {
  return flag.replace(/-(.)/g, (_match, letter: string) => letter.toUpperCase())
}
