import type { CliContext } from '../context.ts'
import { shownWorkload, type WorkloadName } from '../pod-coverage/workload.ts'
import { describedWorkload } from './print-heal.ts'

/** What a shell makes of a signal: 128 and its number. */
const SIGNALS = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const

/**
 * Has a signal end the program with a sentence: a rollout that was begun goes on without it, and whoever has pressed Ctrl-C
 * should not believe that it was stopped. `going` gives the workload that is being restarted at that moment.
 */
export function tellInterrupted(
  { signals, stderr, exit }: Pick<CliContext, 'signals' | 'stderr' | 'exit'>,
  going: () => WorkloadName | undefined,
): void {
  for (const [signal, code] of SIGNALS)
    signals.on(signal, () => {
      stderr.write(`\ninterrupted: ${stateSentence(going())}; the same command goes on with what is left\n`)
      exit(code)
    })
}

function stateSentence(going: WorkloadName | undefined): string {
  if (going === undefined) return 'nothing is being restarted'
  const command = `kubectl rollout status -n ${going.namespace} ${shownWorkload(going)}`
  return `${describedWorkload(going)} is being restarted and goes on without us (${command}), nothing else is restarted`
}
