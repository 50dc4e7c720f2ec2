import type { CliContext } from '../context.ts'
import { openJaeger } from '../read-traces/open-jaeger.ts'
import { askedTraces } from '../read-traces/open-reading.ts'
import { type StatFlags, statText } from './collect-stat.ts'
import { watchStat } from './watch-stat.ts'

/** Takes the flags of `stat`, prints the figures: once, or again and again until a signal comes. Rejects with a sentence. */
export async function runStat(flags: StatFlags, context: CliContext): Promise<void> {
  // Mistakes are told before anything is asked.
  askedTraces(flags, Date.now())
  if (flags.watch === true) return watchStat(flags, context)
  const api = await openJaeger(flags, context)
  try {
    context.stdout.write(await statText(api, flags, context))
  } finally {
    api.close()
  }
}
