/** The conditions of readiness (TLS loaded, caches synced, not shutting down). */
// A type, not an interface: the admin server takes conditions of any names.
export type ReadinessConditions = {
  readonly tls: boolean
  readonly caches: boolean
  readonly shuttingDown: boolean
}

export interface Readiness {
  set(change: Partial<ReadinessConditions>): void
  conditions(): ReadinessConditions
}

/** Gives the conditions of a server that has only begun to start. */
export function createReadiness(): Readiness {
  let conditions: ReadinessConditions = { tls: false, caches: false, shuttingDown: false }
  return {
    set: (change) => {
      conditions = { ...conditions, ...change }
    },
    conditions: () => conditions,
  }
}
