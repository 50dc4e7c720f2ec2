import { setTimeout as pause } from 'node:timers/promises'
import { createFiguresTally } from '../../spans/service-figures.ts'
import type { CliContext } from '../context.ts'
import { isFault } from '../fault.ts'
import type { JaegerApi } from '../read-traces/jaeger-api.ts'
import { openJaeger } from '../read-traces/open-jaeger.ts'
import { askedTraces, openReading } from '../read-traces/open-reading.ts'
import { shortfallNotes } from '../read-traces/reading-report.ts'
import type { TraceFlags } from '../read-traces/trace-flags.ts'
import { isWantedSpan } from '../read-traces/wanted-span.ts'
import { isColoured, isTerminal } from '../terminal.ts'
import { printStat } from './print-stat.ts'
import { inStatOrder, type StatGroup, type StatOrder } from './stat-orders.ts'
import { type Stat, statReport } from './stat-report.ts'

export interface StatFlags extends TraceFlags {
  readonly by: StatGroup
  readonly sort: StatOrder
  readonly controlPlane?: boolean
  readonly watch?: boolean
}

/** Jaeger searches its whole store for each look: seldom enough for it to have time for others. */
const LOOK_AGAIN_MS = 5_000
/** Home, and what is below it is gone. */
const CLEAR_SCREEN = '\u001b[H\u001b[2J'

/** Takes the flags of `stat`, prints the figures: once, or again and again until a signal comes. Rejects with a sentence. */
export async function runStat(flags: StatFlags, context: CliContext): Promise<void> {
  // Mistakes are told before anything is asked.
  askedTraces(flags, Date.now())
  if (flags.watch === true) return watch(flags, context)
  const api = await openJaeger(flags, context)
  try {
    context.stdout.write(await lookOnce(api, flags, context))
  } finally {
    api.close()
  }
}

/** Jaeger may be away for a while, and a port that leads to its Pod ends with that: only the first look has to succeed. */
async function watch(flags: StatFlags, context: CliContext): Promise<void> {
  const ended = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) context.signals.on(signal, () => ended.abort())
  let api: JaegerApi | undefined = await openJaeger(flags, context)
  try {
    for (let hasSeen = false; !ended.signal.aborted; ) {
      try {
        api ??= await openJaeger(flags, context)
        const text = await lookOnce(api, flags, context)
        const isRedrawn = flags.output === 'table' && isTerminal(context.stdout)
        context.stdout.write(isRedrawn ? `${CLEAR_SCREEN}${text}` : text)
        hasSeen = true
      } catch (error) {
        if (!hasSeen || isFault(error)) throw error
        context.stderr.write(`note: ${(error as Error).message}; looking again in ${LOOK_AGAIN_MS / 1000} s\n`)
        api?.close()
        api = undefined
      }
      await pause(LOOK_AGAIN_MS, undefined, { signal: ended.signal }).catch(() => {})
    }
  } finally {
    api?.close()
  }
}

async function lookOnce(api: JaegerApi, flags: StatFlags, context: CliContext): Promise<string> {
  const stat = await collectStat(api, flags, context)
  if (flags.output === 'table') return printStat(stat, isColoured(context))
  // A line each, so that whoever watches can read them one by one.
  return `${JSON.stringify(statReport(stat), null, flags.watch === true ? 0 : 2)}\n`
}

/** Takes Jaeger’s API and the flags, gives the figures of this moment; what is lacking is told on stderr. Rejects with a sentence. */
async function collectStat(api: JaegerApi, flags: StatFlags, context: CliContext): Promise<Stat> {
  const { by, service, controlPlane = false, sort } = flags
  const asked = askedTraces(flags, Date.now())
  const isWanted = isWantedSpan(flags, asked)
  const tally = createFiguresTally({
    by,
    isWanted: ({ span, isControlPlane }) => isControlPlane === controlPlane && isWanted(span),
  })
  const reading = openReading(api, { service, asked }, context)
  try {
    for await (const trace of reading.traces) tally.add(trace)
  } finally {
    reading.clear()
  }
  const outcome = reading.outcome()
  context.stderr.write(shortfallNotes(outcome))
  return { range: asked.range, outcome, by, rows: inStatOrder(tally.figures(), sort) }
}
