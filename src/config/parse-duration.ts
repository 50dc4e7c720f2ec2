/** A number, or the rule that the text breaks. */
export type ParsedNumber = { readonly value: number } | { readonly rule: string }

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
/** Ten years: beyond it somebody has mistaken a unit. */
const MAX_MS = 3_650 * 86_400_000

/** Takes a duration such as `365d`, `12h`, `1h30m` or `90s`, gives it in milliseconds. Pure. */
export function parseDuration(text: string): ParsedNumber {
  const rule = 'must be a duration of 1s to 3650d: whole numbers with the units d, h, m, s, such as 365d or 1h30m'
  if (!/^(\d{1,9}[dhms])+$/.test(text)) return { rule }
  const parts = text.match(/\d+[dhms]/g) ?? []
  const value = parts.reduce((sum, part) => sum + Number(part.slice(0, -1)) * (UNITS[part.slice(-1)] ?? 0), 0)
  return value >= 1_000 && value <= MAX_MS ? { value } : { rule }
}

/** Takes a fraction such as `2/3` or `0.5`, gives the number. Pure. */
export function parseFraction(text: string): ParsedNumber {
  const [, dividend, divisor, decimal] = /^(?:(\d{1,6})\/(\d{1,6})|(0\.\d{1,9}))$/.exec(text) ?? []
  const value = decimal === undefined ? Number(dividend) / Number(divisor) : Number(decimal)
  return value > 0 && value < 1 ? { value } : { rule: 'must be a fraction between 0 and 1, such as 2/3 or 0.5' }
}
