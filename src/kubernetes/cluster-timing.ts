/** Every bound on time towards the API server, once; tests shorten them. All in milliseconds. */
export interface ClusterTiming {
  /** A connection on which nothing comes for so long is given up, while an answer is awaited. */
  readonly requestIdleMs: number
  /** A watch on which nothing comes for so long is taken for half-open. */
  readonly watchSilenceMs: number
  /** Least time that the API server is asked to keep a watch open; at most it is twice as long. */
  readonly watchMs: number
  /** All that a Pod ever waits for its Namespace. */
  readonly lookupMs: number
  /** How long the answer about one Namespace is good for further Pods. */
  readonly lookupMemoryMs: number
  /** First and longest pause after a failure. */
  readonly backoffMs: number
  readonly maxBackoffMs: number
  /** A watch that lasted so long has worked: the pauses begin anew. */
  readonly workedMs: number
  /** How long readiness waits for `linkerd-config` when the API server does not answer at all. */
  readonly discoveryMs: number
  /** First and longest pause between two patches of the forward entry's caBundle. */
  readonly patchPauseMs: number
  readonly maxPatchPauseMs: number
}

export const CLUSTER_TIMING: ClusterTiming = {
  // A page of 1,000 Namespaces takes an API server well under a second; 15 s is one that is drowning.
  requestIdleMs: 15_000,
  // The API server sends a bookmark about once a minute; two of them missed, and half a minute for jitter.
  watchSilenceMs: 150_000,
  // client-go's range of 5 to 10 minutes: long enough to be cheap, and drawn anew, so that replicas do not come together.
  watchMs: 300_000,
  // the configurations’ timeoutSeconds: the API server gives the webhook 3 s in all.
  lookupMs: 500,
  // Long enough that a Deployment's Pods share one GET; short enough that no failure is remembered.
  lookupMemoryMs: 1_000,
  backoffMs: 500,
  maxBackoffMs: 30_000,
  // A refused connection ends in well under a second; one new try in so long a time is no burden to anyone.
  workedMs: 5_000,
  // The Namespaces decide readiness; facts of the mesh mostly stand in each Pod's own proxy.
  discoveryMs: 10_000,
  patchPauseMs: 1_000,
  maxPatchPauseMs: 300_000,
}
