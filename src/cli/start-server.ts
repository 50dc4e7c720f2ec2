import type { NamespaceReader } from '../admission/admit-pod.ts'
import { buildAdminServer } from '../http/admin-server.ts'
import { createReviewAnswerer, type ReviewPorts } from '../http/answer-review.ts'
import type { CallerRule } from '../http/caller-authentication.ts'
import type { ServerLimits } from '../http/limits.ts'
import { listen } from '../http/listen.ts'
import { buildWebhookServer } from '../http/webhook-server.ts'
import type { InstallSettings } from '../injection/install-settings.ts'
import { logDecision } from '../runtime/decision-log.ts'
import type { Log } from '../runtime/logger.ts'
import { createMetrics, type Metrics } from '../runtime/metrics.ts'
import { createReadiness } from '../runtime/readiness.ts'
import type { ServingCertificate } from '../tls/serving-certificate.ts'

export interface ServerParts {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  readonly adminPort: number
  /** The first one; until it comes only the admin server listens. */
  readonly certificate: ServingCertificate | Promise<ServingCertificate>
  /** Until it is fulfilled the server serves, unready: API servers do not trust its certificate yet. */
  readonly trusted?: Promise<void> | undefined
  /** Who may call the webhook; absent: anybody. The admin server answers everybody. */
  readonly callers?: CallerRule | undefined
  readonly settings: () => InstallSettings
  readonly readNamespace: NamespaceReader
  readonly log: Log
  /** New ones when absent. */
  readonly metrics?: Metrics
  /** Until it is fulfilled the server serves, unready; absent: there is nothing to wait for. */
  readonly cachesReady?: Promise<void>
  /** Overrides, for tests. */
  readonly limits?: Partial<ServerLimits>
}

export interface RunningServer {
  readonly port: number
  readonly adminPort: number
  /** Serves new handshakes with another certificate; throws, and keeps the one it has, when that is no pair. */
  readonly useCertificate: (certificate: ServingCertificate) => void
  /** Checks the callers of new handshakes by other CAs. */
  readonly useCallerCa: (caPem: string) => void
  /** Becomes unready; from now on each answer closes its connection. */
  readonly startDraining: () => void
  /** Finishes what is in flight, within its bound, and frees both ports. */
  readonly close: () => Promise<void>
}

/**
 * Takes the parts, puts webhook, admin server, log and metrics together and resolves when both ports are bound and the
 * server is ready. Throws ListenError when a port cannot be had; then neither is bound.
 */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const { log, readNamespace, settings, metrics = createMetrics() } = parts
  const readiness = createReadiness()
  const reviewPorts: ReviewPorts = {
    readNamespace,
    settings,
    report: (answered) => {
      metrics.countDecision(answered)
      logDecision(log, answered)
    },
  }
  const admin = buildAdminServer({ conditions: readiness.conditions, renderMetrics: metrics.render })
  // First of all, so that the process is seen to live while it waits for its certificate.
  const adminPort = await listen(admin, { host: parts.host, port: parts.adminPort, flag: 'admin-port' })
  const certificate = await waitFor(parts.certificate, admin)
  const webhook = buildWebhookServer({
    certificate,
    callers: parts.callers,
    onRefusedCaller: warnSparingly(log),
    review: createReviewAnswerer(reviewPorts),
    countBadRequest: metrics.countBadRequest,
    countClosedConnection: metrics.countClosedConnection,
    startRequest: metrics.startRequest,
    onFault: (err) => log.error({ err }, 'request failed'),
    ...(parts.limits === undefined ? {} : { limits: parts.limits }),
  })
  const close = async (): Promise<void> => {
    // The admin server goes last, so that probes and scrapes see the end of the webhook.
    await webhook.close()
    await admin.close()
  }
  const useCertificate = (certificate: ServingCertificate): void => {
    webhook.useCertificate(certificate)
    metrics.setCertificateExpiry(certificate.notAfter)
  }
  metrics.setCertificateExpiry(certificate.notAfter)
  try {
    const port = await listen(webhook.app, { host: parts.host, port: parts.port, flag: 'port' })
    readiness.set({ tls: parts.trusted === undefined, caches: parts.cachesReady === undefined })
    setImmediate(metrics.watchProcess)
    void parts.trusted?.then(() => readiness.set({ tls: true }))
    void parts.cachesReady?.then(() => readiness.set({ caches: true }))
    const startDraining = (): void => {
      readiness.set({ shuttingDown: true })
      webhook.drain()
    }
    return { port, adminPort, useCertificate, useCallerCa: webhook.useCallerCa, startDraining, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function waitFor<T>(awaited: T | Promise<T>, admin: { close(): Promise<unknown> }): Promise<T> {
  try {
    return await awaited
  } catch (error) {
    await admin.close()
    throw error
  }
}

/** A stranger may call as often as it likes: the metric counts each time, the log says it now and then. */
const REFUSALS_APART_MS = 10_000

function warnSparingly(log: Log): (reason: string) => void {
  let last = Number.NEGATIVE_INFINITY
  return (reason) => {
    if (performance.now() - last < REFUSALS_APART_MS) return
    last = performance.now()
    log.warn({ reason }, 'caller refused')
  }
}
