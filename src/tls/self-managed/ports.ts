import type { ServingCertificate } from '../serving-certificate.ts'
import type { Obstacle } from './find-obstacles.ts'
import type { Change } from './plan-change.ts'

/** The Secret as it was last seen. */
export interface LiveSecret {
  /** Its resourceVersion: a write counts only when it is still that one. */
  readonly version: string
  /** Decoded, by key. */
  readonly data: Readonly<Record<string, string>>
}

/** One of our two webhook configurations as it was last seen: the caBundle of each own entry, decoded, in the live order. */
export interface LiveConfiguration {
  readonly bundles: readonly string[]
}

/** `conflict`: somebody else wrote meanwhile; what is there is looked at again. */
export type WriteResult = 'written' | 'conflict' | 'forbidden' | 'error'

/** What the certificates are kept in; what is seen there comes by `observe…` of the keeper. */
export interface CertificateStore {
  /** Sets keys of the data (undefined: takes them away), when the Secret still has that version. */
  readonly writeSecret: (version: string, data: Readonly<Record<string, string | undefined>>) => Promise<WriteResult>
  readonly createSecret: () => Promise<WriteResult>
  /** Asks for the Secret anew; resolves when it was observed. */
  readonly readSecret: () => Promise<void>
  /** Sets the caBundle of each own entry of a configuration. */
  readonly writeBundle: (configuration: string, pem: string) => Promise<WriteResult>
}

/** What happens, for log, metrics and events. None of it ever holds a key. */
export interface CertificateReports {
  readonly onChange: (kind: Change['kind'] | 'create-secret', result: WriteResult) => void
  readonly onDamage: (damage: readonly string[]) => void
  readonly onSecretMissing: (isMissing: boolean) => void
  /** Told again and again of what stands in the way at that moment; mostly nothing. */
  readonly onObstacles: (obstacles: readonly Obstacle[]) => void
  readonly onServing: (certificate: ServingCertificate, caNotAfter: Date) => void
  readonly onBundleWritten: (configuration: string, result: WriteResult) => void
  /** Somebody else changed a caBundle that was right; `streak`: how often in quick succession. */
  readonly onBundleReset: (configuration: string, streak: number) => void
  readonly onFault: (error: unknown) => void
}

/** Bounds how often one thing is written; see src/kubernetes/patch-pace.ts. */
export interface Pace {
  readonly pauseAt: (now: number) => number
  readonly onPatch: (now: number) => void
  readonly streak: () => number
}
