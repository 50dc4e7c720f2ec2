import type { SettingValues } from '../config/setting-values.ts'
import type { Log } from '../runtime/logger.ts'
import type { Metrics } from '../runtime/metrics.ts'
import type { ServingCertificate } from '../tls/serving-certificate.ts'

/** Where the serving certificate comes from. */
export interface CertificateSource {
  /** The one to begin with; a promise where it has to be waited for. */
  readonly first: ServingCertificate | Promise<ServingCertificate>
  /** Fulfilled once API servers have been told whom to trust; absent: that is not our business. */
  readonly trusted?: Promise<void>
  /** From now on each new certificate goes to `use`. */
  readonly follow: (use: (certificate: ServingCertificate) => void) => void
  /** The CA to give to clients on this machine, where there is one. */
  readonly caFile?: string | undefined
  readonly stop: () => void
}

export interface CertificateSourceParts {
  readonly values: SettingValues<'serve'>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly log: Log
  readonly metrics: Metrics
}
