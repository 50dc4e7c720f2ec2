import { resolveSettings } from '../config/resolve-settings.ts'
import { logDestination } from '../runtime/log-destination.ts'
import { createLogger } from '../runtime/logger.ts'
import { createMetrics } from '../runtime/metrics.ts'
import { shutdownOnSignals } from '../runtime/shutdown.ts'
import type { CliContext } from './context.ts'
import { findCertificate } from './find-certificate.ts'
import { findSurroundings } from './find-surroundings.ts'
import { followPartsOf } from './follow-certificates.ts'
import { openCallers } from './open-callers.ts'
import { serveGreeting } from './serve-greeting.ts'
import { type RunningServer, startServer } from './start-server.ts'

/**
 * The composition root of `serve`: takes its flags and the process, puts all parts together, starts the webhook and
 * resolves once it serves; signals end it. Throws errors whose message says what is wrong: settings, certificate,
 * Namespaces file, ports.
 */
export async function runServe(flags: Readonly<Record<string, unknown>>, context: CliContext): Promise<void> {
  const { values, install, warnings } = resolveSettings({ command: 'serve', flags, env: context.env })
  for (const warning of warnings) context.stderr.write(`warning: ${warning}\n`)
  const log = createLogger(values.logLevel, logDestination(context.stdout, context.signals))
  const metrics = createMetrics()
  const certificates = await findCertificate({ values, env: context.env, log, metrics })
  const callers = await openCallers(values, followPartsOf({ values, log, metrics })).catch((error: unknown) => {
    // What keeps certificates would keep the process alive, and go on writing them.
    certificates.stop()
    throw error
  })
  const surroundings = await findSurroundings({ values, install, env: context.env, log, metrics }).catch(
    (error: unknown) => {
      certificates.stop()
      callers.stop()
      throw error
    },
  )
  const stop = (): void => {
    certificates.stop()
    callers.stop()
    surroundings.stop()
  }
  let server: RunningServer | undefined
  // Before the server runs: it may have to wait for its certificate, and a signal ends that too.
  shutdownOnSignals({
    startDraining: () => server?.startDraining(),
    close: () => (server?.close() ?? Promise.resolve()).finally(stop),
    signals: context.signals,
    drainMs: values.drainSeconds * 1000,
    exit: context.exit,
    log,
  })
  server = await startServer({
    host: values.host,
    port: values.port,
    adminPort: values.adminPort,
    certificate: certificates.first,
    callers: callers.rule,
    trusted: certificates.trusted,
    ...surroundings,
    metrics,
    log,
  }).catch((error: unknown) => {
    stop()
    throw error
  })
  certificates.follow(server.useCertificate)
  callers.follow(server.useCallerCa)
  log.info({ host: values.host, port: server.port, adminPort: server.adminPort, node: context.nodeVersion }, 'serving')
  context.stderr.write(
    serveGreeting({ host: values.host, ...server, caFile: certificates.caFile, nodeVersion: context.nodeVersion }),
  )
}
