import type { X509Certificate } from 'node:crypto'
import { type CheckOutcome, failure, success, warning } from './check.ts'

export interface AgedCertificate {
  /** `serving certificate`, `CA` */
  readonly what: string
  readonly certificate: X509Certificate
  /** The part of its life after which it is renewed; undefined: nobody here knows. */
  readonly renewAt: number | undefined
}

/** Where nothing is known of a renewal, the last quarter of a life is late. */
const LATE = 0.75
/** Of the time between renewal and end: replicas spread theirs over a tenth of it, and failures are tried again. */
const PATIENCE = 0.2

/** Takes certificates and the time, gives whether each will be renewed before it ends, going by its age. Pure. */
export function ageOutcome(certificates: readonly AgedCertificate[], now: Date, advice: string): CheckOutcome {
  const expired = certificates.filter(({ certificate }) => certificate.validToDate <= now)
  if (expired.length > 0) return failure([...expired.map(expiredSentence), advice].join('\n'))
  const late = certificates.filter((one) => isLate(one, now))
  if (late.length > 0) return warning([...late.map((one) => lateSentence(one, now)), advice].join('\n'))
  return success(certificates.map((one) => `${one.what}: ${timeLeft(one, now)} left`).join(', '))
}

function isLate({ certificate, renewAt }: AgedCertificate, now: Date): boolean {
  const [from, to] = [certificate.validFromDate.getTime(), certificate.validToDate.getTime()]
  const passed = (now.getTime() - from) / (to - from)
  return passed > (renewAt === undefined ? LATE : 1 - (1 - renewAt) * (1 - PATIENCE))
}

function expiredSentence({ what, certificate }: AgedCertificate): string {
  return `the ${what} expired at ${certificate.validToDate.toISOString()}`
}

function lateSentence(one: AgedCertificate, now: Date): string {
  const until = one.certificate.validToDate.toISOString()
  return `the ${one.what} ends in ${timeLeft(one, now)} (${until}), and should have been renewed before`
}

const MINUTE_MS = 60_000
const UNITS = [
  ['day', 24 * 60 * MINUTE_MS],
  ['hour', 60 * MINUTE_MS],
  ['minute', MINUTE_MS],
] as const

/** In the largest unit of which there are two at least. */
function timeLeft({ certificate }: AgedCertificate, now: Date): string {
  const left = certificate.validToDate.getTime() - now.getTime()
  const [unit, size] = UNITS.find(([, ms]) => left >= 2 * ms) ?? UNITS[2]
  const count = Math.floor(left / size)
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
