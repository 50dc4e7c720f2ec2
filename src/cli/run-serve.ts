import { resolveSettings } from '../config/resolve-settings.ts'
import { createLogger } from '../runtime/logger.ts'
import { createMetrics } from '../runtime/metrics.ts'
import { shutdownOnSignals } from '../runtime/shutdown.ts'
import { standaloneCertificate } from '../tls/standalone-certificate.ts'
import type { CliContext } from './context.ts'
import { findSurroundings } from './find-surroundings.ts'
import { serveGreeting } from './serve-greeting.ts'
import { startServer } from './start-server.ts'

/**
 * Takes the flags of `serve` and the process, starts the webhook and resolves once it serves; signals end it. Throws
 * errors whose message says what is wrong: settings, certificate, Namespaces file, ports.
 */
export async function runServe(flags: Readonly<Record<string, unknown>>, context: CliContext): Promise<void> {
  const { values, install, warnings } = resolveSettings({ command: 'serve', flags, env: context.env })
  for (const warning of warnings) context.stderr.write(`warning: ${warning}\n`)
  const log = createLogger(values.logLevel, context.stdout)
  const standalone = await standaloneCertificate(values.certDir, new Date())
  const { origin, remadeBecause } = standalone
  log.info(
    { origin, remadeBecause, directory: values.certDir, notAfter: standalone.certificate.notAfter },
    'certificate',
  )
  const metrics = createMetrics()
  const surroundings = await findSurroundings({ values, install, env: context.env, log, metrics })
  const server = await startServer({
    host: values.host,
    port: values.port,
    adminPort: values.adminPort,
    certificate: standalone.certificate,
    ...surroundings,
    metrics,
    log,
  }).catch((error: unknown) => {
    surroundings.stop()
    throw error
  })
  shutdownOnSignals({
    ...server,
    close: () => server.close().finally(surroundings.stop),
    signals: context.signals,
    drainMs: values.drainSeconds * 1000,
    exit: context.exit,
    log,
  })
  log.info({ host: values.host, port: server.port, adminPort: server.adminPort, node: context.nodeVersion }, 'serving')
  context.stderr.write(
    serveGreeting({ host: values.host, ...server, caFile: standalone.caFile, nodeVersion: context.nodeVersion }),
  )
}
