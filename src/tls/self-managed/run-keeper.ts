import { setTimeout as wait } from 'node:timers/promises'
import type { ServingCertificate } from '../serving-certificate.ts'
import type { CertificateKeeper } from './keep-certificates.ts'
import type { LiveConfiguration, LiveSecret } from './ports.ts'

export interface KeeperRun {
  readonly signal: AbortSignal
  /** How often time alone is looked at. */
  readonly tickMs: number
  readonly onFault: (error: unknown) => void
}

/** A keeper at work. */
export interface RunningKeeper {
  readonly observeSecret: (secret: LiveSecret | undefined) => void
  readonly observeConfiguration: (name: string, live: LiveConfiguration | undefined) => void
  readonly first: Promise<ServingCertificate>
  /** Fulfilled once every entry's caBundle was seen to trust what is served with. */
  readonly trusted: Promise<void>
}

/** Takes a keeper, has it do what is due after each observation and at each tick, until the signal aborts. Never rejects. */
export function runKeeper(keeper: CertificateKeeper, { signal, tickMs, onFault }: KeeperRun): RunningKeeper {
  const first = Promise.withResolvers<ServingCertificate>()
  const trusted = Promise.withResolvers<void>()
  let wake = Promise.withResolvers<void>()
  const stepOnce = async (): Promise<void> => {
    try {
      await keeper.step()
      const serving = keeper.serving()
      if (serving !== undefined) first.resolve(serving)
      if (keeper.isTrusted()) trusted.resolve()
    } catch (error) {
      if (!signal.aborted) onFault(error)
    }
  }
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      wake = Promise.withResolvers<void>()
      await stepOnce()
      const ticked = new AbortController()
      const tick = wait(tickMs, undefined, { signal: AbortSignal.any([signal, ticked.signal]) }).catch(() => {})
      await Promise.race([wake.promise, tick])
      ticked.abort()
    }
  }
  void run()
  return {
    observeSecret: (secret) => {
      keeper.observeSecret(secret)
      wake.resolve()
    },
    observeConfiguration: (name, live) => {
      keeper.observeConfiguration(name, live)
      wake.resolve()
    },
    first: first.promise,
    trusted: trusted.promise,
  }
}
