import { AGENT_RPCS, DROP_REASONS } from '../bridge/bridge-reports.ts'
import { buildBridge } from '../bridge/build-bridge.ts'
import { readSettings } from '../config/read-settings.ts'
import { SettingsError } from '../config/setting-mistake.ts'
import { buildAdminServer } from '../http/admin-server.ts'
import { listen } from '../http/listen.ts'
import { backoffMs } from '../kubernetes/backoff.ts'
import { createBridgeMetrics } from '../runtime/bridge-metrics.ts'
import { logDestination } from '../runtime/log-destination.ts'
import { createLogger } from '../runtime/logger.ts'
import { shutdownOnSignals } from '../runtime/shutdown.ts'
import { sparingLog } from '../runtime/sparing-log.ts'
import type { CliContext } from './context.ts'

/** A collector that holds senders back is asked again after a second, then less and less, as its own exporters do. */
const PAUSE = { firstMs: 1000, maxMs: 30_000 }

/**
 * The composition root of `bridge`: takes its flags and the process, puts all parts together and resolves once it
 * listens; signals end it. Throws errors whose message says what is wrong: settings, ports.
 */
export async function runBridge(flags: Readonly<Record<string, unknown>>, context: CliContext): Promise<void> {
  const { values, mistakes, warnings } = readSettings({ command: 'bridge', flags, env: context.env })
  if (mistakes.length > 0) throw new SettingsError(mistakes)
  for (const warning of warnings) context.stderr.write(`warning: ${warning}\n`)
  const log = createLogger(values.logLevel, logDestination(context.stdout, context.signals))
  const metrics = createBridgeMetrics({ rpcs: AGENT_RPCS, dropReasons: DROP_REASONS })
  const bridge = buildBridge({
    collectorAddress: values.collectorAddress,
    queue: { maxBytes: values.queueBytes, maxSpans: values.queueSpans },
    maxStreams: values.maxStreams,
    pauseMs: (failures) => backoffMs(failures, PAUSE),
    reports: metrics.reports,
    log: sparingLog(log),
  })
  // Whether the collector is there is no condition: an unready container takes its whole Pod, with the collector in it,
  // out of the Service, and clients keep their streams in any case. The queue is what bridges such a time.
  const conditions = { listening: false, shuttingDown: false }
  const admin = buildAdminServer({ conditions: () => conditions, renderMetrics: metrics.render })
  const close = async (): Promise<void> => {
    const left = await bridge.close(values.flushSeconds * 1000)
    if (left > 0) log.error({ spans: left }, 'spans were left that could not be sent in time')
    await admin.close()
  }
  shutdownOnSignals({
    startDraining: () => {
      conditions.shuttingDown = true
    },
    close,
    signals: context.signals,
    drainMs: 0,
    exit: context.exit,
    log,
  })
  const { host, collectorAddress } = values
  try {
    const adminPort = await listen(admin, { host, port: values.adminPort, flag: 'admin-port' })
    const port = await listen(bridge.agent, { host, port: values.port, flag: 'port' })
    conditions.listening = true
    log.info({ host, port, adminPort, collectorAddress, node: context.nodeVersion }, 'bridging')
  } catch (error) {
    await close()
    throw error
  }
}
