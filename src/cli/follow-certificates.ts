import { dirname } from 'node:path'
import type { SettingValues } from '../config/setting-values.ts'
import type { Log } from '../runtime/logger.ts'
import type { Metrics } from '../runtime/metrics.ts'
import type { ReloadCounters, ReloadedFiles } from '../runtime/reload-counters.ts'
import { pairIdentity, readCertificatePair } from '../tls/certificate-pair-files.ts'
import { readClientAuthorities } from '../tls/client-authorities.ts'
import { type FollowedFiles, type FollowReport, followFiles } from '../tls/follow-files.ts'
import type { ServingCertificate } from '../tls/serving-certificate.ts'

export interface FollowParts {
  readonly pollMs: number
  readonly log: Log
  readonly reloads: ReloadCounters
}

/** Takes what `serve` was told and writes to, gives what it takes to follow files. */
export function followPartsOf({
  values,
  log,
  metrics,
}: {
  values: Pick<SettingValues<'serve'>, 'certPollInterval'>
  log: Log
  metrics: Pick<Metrics, 'reloads'>
}): FollowParts {
  return { pollMs: values.certPollInterval, log, reloads: metrics.reloads }
}

/**
 * Takes a folder with `tls.crt` and `tls.key`, gives the certificate in it and each later one that can be served with.
 * Throws CertificateFileError when there is none at the start. A key that everybody may read is warned of.
 */
export async function followServingCertificate(
  folder: string,
  { pollMs, log, reloads }: FollowParts,
): Promise<FollowedFiles<ServingCertificate>> {
  const read = async (): Promise<Awaited<ReturnType<typeof readCertificatePair>>> =>
    readCertificatePair(folder, new Date())
  const warn = ({ keyFile, isKeyOpenToAll }: Awaited<ReturnType<typeof read>>): void => {
    if (isKeyOpenToAll) log.warn({ file: keyFile }, 'the key may be read by every user (its file mode)')
  }
  const report = reportOf('serving', { log, reloads })
  const followed = await followFiles({ folder, read, identity: pairIdentity, pollMs, report })
  warn(followed.first)
  return {
    first: followed.first.certificate,
    follow: (use) =>
      followed.follow((pair) => {
        use(pair.certificate)
        warn(pair)
      }),
    stop: followed.stop,
  }
}

/** Takes the file of the callers' CAs, gives its text and each later one that can be used. Throws CertificateFileError. */
export function followClientAuthorities(
  file: string,
  { pollMs, log, reloads }: FollowParts,
): Promise<FollowedFiles<string>> {
  return followFiles({
    folder: dirname(file),
    read: () => readClientAuthorities(file, new Date()),
    identity: (pem) => pem,
    pollMs,
    report: reportOf('client-ca', { log, reloads }),
  })
}

function reportOf(files: ReloadedFiles, { log, reloads }: Omit<FollowParts, 'pollMs'>): FollowReport {
  return {
    onLoaded: (at) => {
      reloads.setLoaded(files, at)
      log.info({ files }, 'certificate files loaded')
    },
    onFailed: (error) => {
      reloads.countFailure(files)
      // The message alone: a cause is a parser's, and may quote what it parsed.
      log.error({ files, reason: error.message }, 'certificate files cannot be used, the last good ones stay')
    },
  }
}
