import type { ClockOf } from './span-clock.ts'
import { nodesOf, type SpanNode } from './span-tree.ts'

/** How far a clock is ahead of the one that it was compared with. */
export interface ClockSkew {
  /** That of the first tree’s root; where no call leads from there to it, that of the root of a tree of its own. */
  readonly comparedWith: string
  readonly aheadUs: number
  /** It may be more or less by so much: all that a trace tells is that a call lies within the wait for it. */
  readonly withinUs: number
  /** No one offset has every call within its wait: the clock was set meanwhile, or nobody waited. The middle is taken. */
  readonly isContradictory: boolean
}

/**
 * Takes trees and whose clocks their spans have, gives the skew of each clock. One that has every call of another node
 * within the wait for it counts as right: clocks are corrected only where they must be wrong. Pure.
 */
export function clockSkews(roots: readonly SpanNode[], clockOf: ClockOf): ReadonlyMap<string, ClockSkew> {
  const bounds = boundsOfPairs(roots, clockOf)
  const skews = new Map<string, ClockSkew>()
  for (const { span } of roots) spread(clockOf(span.process), bounds, skews)
  return skews
}

/** How far a clock may be ahead of another one. */
interface Bounds {
  readonly lowUs: number
  readonly highUs: number
}
type BoundsOfPairs = ReadonlyMap<string, ReadonlyMap<string, Bounds>>

function boundsOfPairs(roots: readonly SpanNode[], clockOf: ClockOf): BoundsOfPairs {
  const pairs = new Map<string, Map<string, Bounds>>()
  const narrow = (from: string, to: string, { lowUs, highUs }: Bounds) => {
    const ofClock = pairs.get(from) ?? new Map<string, Bounds>()
    pairs.set(from, ofClock)
    const known = ofClock.get(to) ?? ANY
    ofClock.set(to, { lowUs: Math.max(known.lowUs, lowUs), highUs: Math.min(known.highUs, highUs) })
  }
  for (const parent of nodesOf(roots)) {
    const from = clockOf(parent.span.process)
    for (const child of parent.children) {
      const to = clockOf(child.span.process)
      const bounds = to === from ? undefined : boundsOfCall(parent, child)
      if (bounds === undefined) continue
      narrow(from, to, bounds)
      narrow(to, from, { lowUs: -bounds.highUs, highUs: -bounds.lowUs })
    }
  }
  return pairs
}

const ANY: Bounds = { lowUs: Number.NEGATIVE_INFINITY, highUs: Number.POSITIVE_INFINITY }

/** Undefined: nobody waited for it to end, so it says nothing. */
function boundsOfCall({ span: wait }: SpanNode, { span: call }: SpanNode): Bounds | undefined {
  const isAwaited = wait.kind !== 'producer' && call.kind !== 'consumer' && call.durationUs <= wait.durationUs
  if (!isAwaited || call.isUnfinished) return undefined
  const highUs = call.startUs - wait.startUs
  return { lowUs: highUs - (wait.durationUs - call.durationUs), highUs }
}

/** From a clock that is right to all that can be compared with it, the nearest first. */
function spread(first: string, pairs: BoundsOfPairs, skews: Map<string, ClockSkew>): void {
  if (skews.has(first)) return
  skews.set(first, { comparedWith: first, aheadUs: 0, withinUs: 0, isContradictory: false })
  const left = [first]
  for (const from of left) {
    for (const to of pairs.get(from)?.keys() ?? []) {
      if (skews.has(to)) continue
      skews.set(to, { comparedWith: first, ...skewBeside(skews, pairs.get(to) ?? new Map()) })
      left.push(to)
    }
  }
}

/** Takes the clocks that are known, and how far each may be ahead of the wanted one. */
function skewBeside(
  known: ReadonlyMap<string, ClockSkew>,
  pairs: ReadonlyMap<string, Bounds>,
): Omit<ClockSkew, 'comparedWith'> {
  const beside = [...pairs].flatMap(([clock, bounds]) => {
    const skew = known.get(clock)
    return skew === undefined ? [] : [{ skew, bounds }]
  })
  const lowUs = Math.max(...beside.map(({ skew, bounds }) => skew.aheadUs - bounds.highUs))
  const highUs = Math.min(...beside.map(({ skew, bounds }) => skew.aheadUs - bounds.lowUs))
  const isContradictory = beside.some(({ bounds }) => bounds.lowUs > bounds.highUs)
  // Most clocks agree, and those that do not often do so together.
  const likely = [0, ...beside.map(({ skew }) => skew.aheadUs)].find((aheadUs) => aheadUs >= lowUs && aheadUs <= highUs)
  const aheadUs = likely ?? Math.round((lowUs + highUs) / 2)
  const ownUs = Math.ceil(Math.max(Math.abs(highUs - aheadUs), Math.abs(aheadUs - lowUs)))
  const besideUs = Math.max(...beside.map(({ skew }) => skew.withinUs))
  return { aheadUs, withinUs: aheadUs === 0 ? 0 : ownUs + besideUs, isContradictory }
}
