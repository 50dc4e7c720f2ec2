import { setTimeout as pause } from 'node:timers/promises'
import { toYaml } from '../../install/injector-manifests.ts'
import type { Manifest } from '../../install/webhook-configurations.ts'
import { describeObject } from '../check/wanted-objects.ts'
import type { CliContext } from '../context.ts'
import type { LinkerdFlags } from '../linkerd-flags.ts'
import { type OpenedCluster, openCluster } from '../open-cluster.ts'
import { progressOn } from '../show-progress.ts'
import { tellInterrupted } from '../tell-interrupted.ts'
import { isTerminal } from '../terminal.ts'
import { awaitDeployments } from './await-deployments.ts'
import { type WaitFlag, waitMsOf } from './wait-option.ts'

/** What is printed, and for a person: notes that must not be lost among the manifests. */
export interface Printed {
  readonly manifests: readonly Manifest[]
  /** Whole lines. */
  readonly notes: string
}

/**
 * Takes manifests, prints them; with `--wait` ends stdout then, so that kubectl begins to apply them, and waits until all
 * Deployments are as they should be. Throws before anything is printed for what cannot be waited for.
 */
export async function printAndWait(
  { manifests, notes }: Printed,
  flags: LinkerdFlags & WaitFlag,
  context: CliContext,
): Promise<void> {
  const timeoutMs = waitMsOf(flags)
  const cluster = timeoutMs === undefined ? undefined : openForWaiting(flags, context)
  context.stderr.write(notes)
  if (timeoutMs === undefined || cluster === undefined) {
    context.stdout.write(toYaml(manifests))
    return
  }
  await new Promise<void>((resolve) => void context.stdout.end(toYaml(manifests), resolve))
  await waitFor({ manifests, timeoutMs, cluster }, context)
}

function openForWaiting(flags: LinkerdFlags, context: CliContext): OpenedCluster {
  if (isTerminal(context.stdout)) {
    throw new Error('--wait waits for what kubectl applies: linkerd-tracing install --wait | kubectl apply -f -')
  }
  return openCluster(flags, context)
}

interface Awaited {
  readonly manifests: readonly Manifest[]
  readonly timeoutMs: number
  readonly cluster: OpenedCluster
}

async function waitFor({ manifests, timeoutMs, cluster }: Awaited, context: CliContext): Promise<void> {
  const { stderr } = context
  const write = (text: string) => void stderr.write(text)
  const now = () => performance.now()
  const progress = progressOn(stderr)
  let waitedFor: readonly Manifest[] = []
  tellInterrupted(context, () => interruptedSentence(waitedFor))
  try {
    await awaitDeployments(manifests, {
      cluster: cluster.view,
      timeoutMs,
      clock: { now, pause: (ms) => pause(ms) },
      onProgress: progress.show,
      onLeft: (left) => {
        waitedFor = left
      },
      onReady: (line) => {
        progress.clear()
        write(`${line}\n`)
      },
    })
  } finally {
    progress.clear()
    cluster.close()
  }
}

function interruptedSentence(waitedFor: readonly Manifest[]): string {
  const names = waitedFor.map(describeObject).join(', ')
  return `not seen ready yet: ${names}; what kubectl has applied goes on without us, and linkerd-tracing check tells how far it is`
}
