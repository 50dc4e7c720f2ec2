import { Counter, Gauge, type Registry } from 'prom-client'
import { metricOptions } from './metric-options.ts'

/** The metrics of self-managed certificates. With others they stay at 0. */
export interface CertificateCounters {
  readonly setCaExpiry: (notAfter: Date) => void
  readonly countChange: (change: string, result: string) => void
  readonly setSecretMissing: (isMissing: boolean) => void
  readonly setStuck: (reason: string, isStuck: boolean) => void
  readonly countBundlePatch: (result: string) => void
  readonly countBundleReset: () => void
}

/** Takes the registries to be in, gives the metrics. */
export function createCertificateCounters(registers: Registry[]): CertificateCounters {
  const caExpiry = new Gauge({ ...metricOptions('caExpiry'), registers })
  const changes = new Counter({ ...metricOptions('certificateChanges'), registers })
  const missing = new Gauge({ ...metricOptions('certificateSecretMissing'), registers })
  const stuck = new Gauge({ ...metricOptions('certificateRenewalStuck'), registers })
  const patches = new Counter({ ...metricOptions('caBundlePatches'), registers })
  const resets = new Counter({ ...metricOptions('caBundleResets'), registers })
  return {
    setCaExpiry: (notAfter) => caExpiry.set(notAfter.getTime() / 1000),
    countChange: (change, result) => changes.inc({ change, result }),
    setSecretMissing: (isMissing) => missing.set(isMissing ? 1 : 0),
    setStuck: (reason, isStuck) => stuck.set({ reason }, isStuck ? 1 : 0),
    countBundlePatch: (result) => patches.inc({ result }),
    countBundleReset: () => resets.inc(),
  }
}
