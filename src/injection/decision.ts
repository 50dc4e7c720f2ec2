import type { TraceProtocol } from './install-settings.ts'
import type { PodChanges } from './pod-changes.ts'
import type { SkipReason } from './skip-reason.ts'

/** What a traced proxy will send, where to and as whom. */
export interface TraceTarget {
  /** `host:port`, as it stands in the proxy's variable. */
  readonly collector: string
  /** The mesh identity demanded of the collector; absent beside a loopback address. */
  readonly identity?: string
  readonly protocol: TraceProtocol
  readonly serviceName: string
}

interface Warned {
  /** Sentences for the user; not yet bounded in length. */
  readonly warnings: readonly string[]
}

export interface TracedDecision extends Warned {
  readonly outcome: 'traced'
  readonly target: TraceTarget
  readonly changes: PodChanges
}

export interface AlreadyTracedDecision extends Warned {
  readonly outcome: 'already-traced'
  readonly target: TraceTarget
}

export interface MarkedDecision extends Warned {
  readonly outcome: 'marked'
}

export interface SkippedDecision extends Warned {
  readonly outcome: 'skipped'
  readonly reason: SkipReason
}

/** What should happen to a Pod, as a value. */
export type InjectionDecision = TracedDecision | AlreadyTracedDecision | MarkedDecision | SkippedDecision
