import type { EventText } from '../kubernetes/write-event.ts'
import type { Log } from '../runtime/logger.ts'
import type { Metrics } from '../runtime/metrics.ts'
import { OBSTACLES, type Obstacle } from '../tls/self-managed/find-obstacles.ts'
import type { CertificateReports } from '../tls/self-managed/ports.ts'
import type { ServingCertificate } from '../tls/serving-certificate.ts'

export interface ReportParts {
  readonly log: Log
  readonly metrics: Pick<Metrics, 'certificates'>
  readonly writeEvent: (event: EventText) => void
  readonly use: (certificate: ServingCertificate) => void
}

/** What a change means to people; what is done every few days is no event. */
const EVENTS: Readonly<Partial<Record<Parameters<CertificateReports['onChange']>[0], EventText>>> = {
  restore: warning('SecretRestored', 'The certificates were gone from the Secret, and were put back as they were.'),
  create: { type: 'Normal', reason: 'CaCreated', message: 'A CA was made: the Secret had none, and nobody knew one.' },
  'keep-ca': warning('SecretReplaced', 'The CA in the Secret was replaced; the one before stays trusted for a while.'),
  clean: warning('SecretCleaned', 'Something that is not sound was taken out of the Secret.'),
  'create-secret': warning('SecretCreated', 'The Secret was gone, and was made again.'),
  'add-ca': {
    type: 'Normal',
    reason: 'CaAdded',
    message: 'A new CA was made; it will sign once API servers trust it.',
  },
  'use-ca': { type: 'Normal', reason: 'CaUsed', message: 'The new CA signs serving certificates from now on.' },
}

/** What is said once when it begins; docs/certificates.md says what to do. */
const OBSTACLE_EVENTS: Readonly<Record<Obstacle, EventText>> = {
  'ca-unsettled': warning(
    'CaUnsettled',
    'A new CA is not in every caBundle for long enough to be used: does something else write them, or may they not be written?',
  ),
  'old-cas': warning('CaNotAdded', 'There is no room for another CA: the oldest one has to go first, by itself.'),
  'not-stored': warning(
    'ServingNotStored',
    'The serving certificate was made in memory: the Secret was not written in time.',
  ),
}

/** Takes log, metrics and events, gives what tells them of certificates; each thing in the places where it is looked for. */
export function certificateReports({ log, metrics, writeEvent, use }: ReportParts): CertificateReports {
  const { certificates } = metrics
  let isMissing = false
  let toldDamage = ''
  let toldObstacles: readonly Obstacle[] = []
  return {
    onChange: (kind, result) => {
      certificates.countChange(kind, result)
      log.info({ change: kind, result }, 'certificates’ Secret changed')
      const event = EVENTS[kind]
      if (event !== undefined && result === 'written') writeEvent(event)
    },
    onDamage: (damage) => {
      if (damage.join() !== toldDamage && damage.length > 0)
        log.warn({ damage }, 'the certificates’ Secret is not sound')
      toldDamage = damage.join()
    },
    onSecretMissing: (missing) => {
      certificates.setSecretMissing(missing)
      if (missing && !isMissing) {
        log.error({}, 'the certificates’ Secret is not there: without it no certificate can be renewed')
        writeEvent(warning('SecretMissing', 'The Secret of the certificates is gone: apply the manifests again.'))
      }
      isMissing = missing
    },
    onObstacles: (obstacles) => {
      for (const obstacle of OBSTACLES) certificates.setStuck(obstacle, obstacles.includes(obstacle))
      for (const obstacle of obstacles.filter((one) => !toldObstacles.includes(one))) {
        const event = OBSTACLE_EVENTS[obstacle]
        log.warn({ reason: obstacle }, event.message)
        writeEvent(event)
      }
      toldObstacles = obstacles
    },
    onServing: (certificate, caNotAfter) => {
      certificates.setCaExpiry(caNotAfter)
      log.info({ notAfter: certificate.notAfter, caNotAfter }, 'serving certificate in use')
      use(certificate)
    },
    onBundleWritten: (configuration, result) => {
      certificates.countBundlePatch(result)
      log.info({ configuration, result }, 'caBundles set')
    },
    onBundleReset: (configuration, streak) => {
      certificates.countBundleReset()
      log.warn({ configuration, streak }, 'caBundle was changed by something else, and is put back')
      writeEvent(warning('CaBundleReset', `Something else changed the caBundle of ${configuration}; it is put back.`))
    },
    onFault: (err) => log.error({ err }, 'keeping certificates failed, and is tried again'),
  }
}

function warning(reason: string, message: string): EventText {
  return { type: 'Warning', reason, message }
}
