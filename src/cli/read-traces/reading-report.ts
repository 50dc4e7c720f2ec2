import { noteLine } from '../note-line.ts'
import type { ReadOutcome } from './reading-count.ts'
import type { Slice } from './slice-plan.ts'

/** Takes the time that was asked for and what was read of it, gives the members that each `-o json` begins with. Pure. */
export function readingReport({ fromUs, untilUs }: Slice, outcome: ReadOutcome): object {
  const { traces, spans, completeFromUs, shortfalls } = outcome
  return {
    since: isoOf(fromUs),
    until: isoOf(untilUs),
    traces,
    spans,
    truncated: shortfalls.length > 0,
    completeSince: isoOf(completeFromUs),
    shortfalls,
  }
}

/** Takes what was read, gives the lines of stderr that say what is lacking. Pure. */
export function shortfallNotes({ completeFromUs, shortfalls }: ReadOutcome): string {
  if (shortfalls.length === 0) return ''
  const notes = shortfalls.map(noteLine)
  return notes.join('') + noteLine(`complete is only what began at ${isoOf(completeFromUs)} or later`)
}

function isoOf(us: number): string {
  return new Date(us / 1000).toISOString()
}
