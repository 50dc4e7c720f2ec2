import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import type { CliContext } from '../context.ts'
import { openCluster } from '../open-cluster.ts'
import type { Dashboard, DashboardFlags } from './dashboard.ts'

/** What is still asked of a cluster that gives no answer holds nobody up any longer than this. */
const LEAVE_MS = 1_000

/**
 * Takes the Namespaces to look at (none: all) and the flags, serves the page, or leads to Jaeger, and says where, until a
 * signal comes. Throws a sentence when there is no way to begin with.
 */
export async function runDashboard(
  namespaces: readonly string[],
  flags: DashboardFlags,
  context: CliContext,
): Promise<void> {
  const port = flags.port === undefined ? undefined : parsePort(flags.port)
  const ended = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) context.signals.on(signal, () => ended.abort())
  const cluster = openCluster(flags, context)
  try {
    const dashboard: Dashboard = { flags, namespaces, port, context, cluster, ended: ended.signal }
    await Promise.race([serve(dashboard), leaving(ended.signal)])
  } finally {
    ended.abort()
    cluster.close()
  }
}

function parsePort(said: string): number {
  if (/^\d{1,5}$/.test(said) && Number(said) < 65_536) return Number(said)
  throw new Error(`--port ${said} is no port from 0 to 65535`)
}

async function serve(dashboard: Dashboard): Promise<void> {
  if (dashboard.flags.jaeger === true) {
    const { runJaeger } = await import('./run-jaeger.ts')
    return runJaeger(dashboard)
  }
  const { runPage } = await import('./run-page.ts')
  return runPage(dashboard)
}

async function leaving(ended: AbortSignal): Promise<void> {
  if (!ended.aborted) await once(ended, 'abort')
  await pause(LEAVE_MS, undefined, { ref: false })
}
