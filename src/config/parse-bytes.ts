import type { ParsedNumber } from './parse-duration.ts'

const UNITS: Readonly<Record<string, number>> = { Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3 }
const MAX_BYTES = 16 * 1024 ** 3

/** Takes a size as Kubernetes writes memory (`64Mi`), gives it in bytes. Pure. */
export function parseBytes(text: string): ParsedNumber {
  const [, number, unit = ''] = /^(\d{1,9})(Ki|Mi|Gi)$/.exec(text) ?? []
  const value = Number(number) * (UNITS[unit] ?? 0)
  return value >= 1024 ** 2 && value <= MAX_BYTES
    ? { value }
    : { rule: 'must be a size from 1Mi to 16Gi: a whole number with the unit Ki, Mi or Gi, such as 64Mi' }
}
