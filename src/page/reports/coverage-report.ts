/** Which Pods are traced, which are not, and why: `api/coverage`. */
export interface CoverageReport {
  readonly isInstalled: boolean
  /** Of the Pods that should be traced; null where none should be. */
  readonly coveragePercent: number | null
  /** Every state that Pods are in, in the order in which they are shown. */
  readonly states: readonly StateCount[]
  readonly namespaces: readonly NamespaceRow[]
  readonly workloads: readonly WorkloadRow[]
  /** What could not be found out, each a sentence. */
  readonly notes: readonly string[]
}

export interface StateCount {
  readonly state: string
  readonly pods: number
  /** The end of a sentence that begins with the Pod. */
  readonly meaning: string
  /** Whether these Pods should be traced and are not. */
  readonly isGap: boolean
}

export interface NamespaceRow {
  readonly name: string
  readonly isOptedIn: boolean
  /** `yes`, `no`, or since when. */
  readonly optedIn: string
  readonly coveragePercent: number | null
  readonly pods: number
  readonly traced: number
  readonly gaps: number
  readonly advice: Advice
}

/** Pods of one workload that are in the same state. */
export interface WorkloadRow {
  readonly namespace: string
  /** `deployment/web` */
  readonly workload: string
  readonly state: string
  readonly isGap: boolean
  readonly pods: number
  /** Why they are in it, or where their spans go to. */
  readonly sentences: readonly string[]
  readonly advice: Advice
}

/** What to do: a command to copy, a sentence where there is no command, or nothing. */
export interface Advice {
  readonly command?: string
  readonly sentence?: string
}
