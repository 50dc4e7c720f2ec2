import { setTimeout as wait } from 'node:timers/promises'
import type { Log } from './logger.ts'

export interface ShutdownSteps {
  readonly signals: { on(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown }
  /** How long to keep serving after SIGTERM, in milliseconds. */
  readonly drainMs: number
  /** Becomes unready, and has answers close their connections so that the API servers move on. */
  readonly startDraining: () => void
  /** Takes no new connection and resolves when what is in flight has been answered, within its own bound. */
  readonly close: () => Promise<void>
  readonly exit: (code: number) => void
  readonly log: Log
}

/**
 * Takes what to do on each step, listens for signals. SIGTERM: drain (a rolling update loses no request while endpoints
 * catch up), close, exit 0. SIGINT: the same without the draining, for a person at a terminal. A second signal of
 * either kind aborts with exit code 1.
 */
export function shutdownOnSignals(steps: ShutdownSteps): void {
  let isEnding = false
  const onSignal = (signal: 'SIGTERM' | 'SIGINT', drainMs: number): void => {
    if (isEnding) {
      steps.log.warn({ signal }, 'second signal: aborted')
      steps.exit(1)
      return
    }
    isEnding = true
    steps.log.info({ signal, drainMs }, 'shutting down')
    steps.startDraining()
    void end(steps, drainMs)
  }
  steps.signals.on('SIGTERM', () => onSignal('SIGTERM', steps.drainMs))
  steps.signals.on('SIGINT', () => onSignal('SIGINT', 0))
}

async function end({ close, exit, log }: ShutdownSteps, drainMs: number): Promise<void> {
  try {
    await wait(drainMs)
    await close()
    log.info('closed')
    exit(0)
  } catch (err) {
    log.error({ err }, 'closing failed')
    exit(1)
  }
}
