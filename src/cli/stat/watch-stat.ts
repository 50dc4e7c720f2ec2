import { setTimeout as pause } from 'node:timers/promises'
import type { CliContext } from '../context.ts'
import { isFault } from '../fault.ts'
import { noteLine } from '../note-line.ts'
import { openJaeger } from '../read-traces/open-jaeger.ts'
import { isTerminal } from '../terminal.ts'
import { type StatFlags, statText } from './collect-stat.ts'

/** Jaeger searches its whole store for each look: seldom enough for it to have time for others. */
const LOOK_AGAIN_MS = 5_000
/** Home, and what is below it is gone. */
const CLEAR_SCREEN = '\u001b[H\u001b[2J'

/**
 * Takes the flags of `stat`, prints the figures again and again until a signal comes. Jaeger may be away for a while, and a port
 * that leads to its Pod ends with that: only the first look has to succeed. Rejects with a sentence when that does not.
 */
export async function watchStat(flags: StatFlags, context: CliContext): Promise<void> {
  const { signal } = abortedBy(context)
  let hasSeen = false
  while (!signal.aborted) {
    try {
      await lookUntilFault({ flags, context, signal }, () => {
        hasSeen = true
      })
    } catch (error) {
      // A look that was cut short by Ctrl-C has failed, and nobody wants to hear of it.
      if (signal.aborted) return
      if (!hasSeen || isFault(error)) throw error
      context.stderr.write(noteLine(`${(error as Error).message}; looking again in ${LOOK_AGAIN_MS / 1000} s`))
      await rest(signal)
    }
  }
}

interface Watching {
  readonly flags: StatFlags
  readonly context: CliContext
  readonly signal: AbortSignal
}

/** Looks through one way to Jaeger, until that fails or the signal comes. */
async function lookUntilFault({ flags, context, signal }: Watching, onSeen: () => void): Promise<void> {
  const api = await openJaeger(flags, context)
  // The signal came while the way was sought.
  if (signal.aborted) return api.close()
  signal.addEventListener('abort', api.close)
  try {
    while (!signal.aborted) {
      show(await statText(api, flags, context), flags, context)
      onSeen()
      await rest(signal)
    }
  } finally {
    signal.removeEventListener('abort', api.close)
    if (!signal.aborted) api.close()
  }
}

function show(text: string, { output }: StatFlags, { stdout }: CliContext): void {
  stdout.write(output === 'table' && isTerminal(stdout) ? `${CLEAR_SCREEN}${text}` : text)
}

async function rest(signal: AbortSignal): Promise<void> {
  await pause(LOOK_AGAIN_MS, undefined, { signal }).catch(() => {})
}

function abortedBy({ signals }: CliContext): AbortController {
  const ended = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) signals.on(name, () => ended.abort())
  return ended
}
