const UNITS_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
}

/** Takes a duration as Go's programs print and read it (`5m0s`, `1h30m`, `0`), gives milliseconds; undefined for other text. Pure. */
export function parseGoDuration(text: string): number | undefined {
  if (text === '0') return 0
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)]
  return parts.reduce((sum, [, number, unit = '']) => sum + Number(number) * (UNITS_MS[unit] ?? 0), 0)
}

/** Takes the text of `--timeout`, gives milliseconds. Throws a sentence for what is no duration. */
export function timeoutOf(text: string): number {
  const ms = parseGoDuration(text)
  if (ms === undefined) throw new Error(`--timeout ${text} is no duration such as 10m, 90s or 0s`)
  return ms
}
