import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { AnsweredReview } from '../admission/answered-review.ts'
import { type CertificateCounters, createCertificateCounters } from './certificate-counters.ts'
import { type ClusterCounters, createClusterCounters } from './cluster-counters.ts'
import { metricOptions } from './metric-options.ts'
import { DURATION_BUCKETS } from './metrics-table.ts'
import { createReloadCounters, type ReloadCounters } from './reload-counters.ts'

export interface Metrics {
  countDecision(answered: Pick<AnsweredReview, 'outcome' | 'reason' | 'dryRun' | 'isRepeated'>): void
  countBadRequest(status: number): void
  /** Counts a connection that was closed for the limit of them. */
  countClosedConnection(reason: string): void
  /** Counts a request as in flight; what it gives back is called once, when the request has ended. */
  startRequest(): () => void
  setCertificateExpiry(notAfter: Date): void
  /** Begins with the metrics of process and Node, at the latest when they are read. It takes a twentieth of a start, so it comes after. */
  watchProcess(): void
  /** What is counted of the connection to the cluster. */
  readonly cluster: ClusterCounters
  /** What is counted of self-managed certificates. */
  readonly certificates: CertificateCounters
  /** What is counted of files that are read anew. */
  readonly reloads: ReloadCounters
  /** The text of `/metrics` and its content type. */
  render(): Promise<{ readonly contentType: string; readonly text: string }>
}

/** Gives metrics of their own registry, so that two servers in one process do not share any. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const decisions = new Counter({ ...metricOptions('decisions'), registers })
  const repeated = new Counter({ ...metricOptions('repeatedDecisions'), registers })
  const badRequests = new Counter({ ...metricOptions('badRequests'), registers })
  const closedConnections = new Counter({ ...metricOptions('closedConnections'), registers })
  const inFlight = new Gauge({ ...metricOptions('requestsInFlight'), registers })
  const duration = new Histogram({ ...metricOptions('requestDuration'), buckets: DURATION_BUCKETS, registers })
  const expiry = new Gauge({ ...metricOptions('certificateExpiry'), registers })
  let isProcessWatched = false
  const watchProcess = (): void => {
    if (!isProcessWatched) collectDefaultMetrics({ register: registry })
    isProcessWatched = true
  }
  return {
    countDecision: ({ outcome, reason = '', dryRun, isRepeated }) => {
      decisions.inc({ outcome, reason, dry_run: String(dryRun) })
      if (isRepeated) repeated.inc()
    },
    countClosedConnection: (reason) => closedConnections.inc({ reason }),
    countBadRequest: (status) => badRequests.inc({ status: String(status) }),
    startRequest: () => {
      inFlight.inc()
      const observe = duration.startTimer()
      return () => {
        inFlight.dec()
        observe()
      }
    },
    cluster: createClusterCounters(registers),
    certificates: createCertificateCounters(registers),
    reloads: createReloadCounters(registers),
    watchProcess,
    setCertificateExpiry: (notAfter) => expiry.set(notAfter.getTime() / 1000),
    render: async () => {
      watchProcess()
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
  }
}
