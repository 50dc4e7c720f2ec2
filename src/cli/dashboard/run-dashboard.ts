import { setTimeout as pause } from 'node:timers/promises'
import { JAEGER_PORTS } from '../../install/jaeger/jaeger-settings.ts'
import type { ClusterView } from '../../kubernetes/cluster-view.ts'
import { readComponent } from '../check/component-state.ts'
import { demandLayout } from '../check/installed-layout.ts'
import { podReadiness } from '../check/pod-readiness.ts'
import type { CliContext } from '../context.ts'
import type { LinkerdFlags } from '../linkerd-flags.ts'
import { openCluster } from '../open-cluster.ts'
import { progressOn, whileShowing } from '../show-progress.ts'
import { jaegerBasePath } from '../traces/reach-pod.ts'
import { keepForwarding } from './keep-forwarding.ts'
import { openBrowser } from './open-browser.ts'

export interface DashboardFlags extends LinkerdFlags {
  readonly show: 'browser' | 'url'
  readonly port?: string
  readonly namespace?: string
}

/** Jaeger's own: whoever has bookmarked it finds it again. */
const USUAL_PORT = JAEGER_PORTS.query
/** A Pod that has gone is noticed within so long; and a person who looks at traces is one client of the API server. */
const LOOK_AGAIN_MS = 2_000

/** Takes the flags, leads to Jaeger and says where, until a signal comes. Throws a sentence when there is no way to begin with. */
export async function runDashboard(flags: DashboardFlags, context: CliContext): Promise<void> {
  const ports = portsOf(flags.port)
  const ended = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) context.signals.on(signal, () => ended.abort())
  const progress = progressOn(context.stderr)
  const { view, openPort, close } = openCluster(flags, context)
  try {
    const { linkerdNamespace } = flags
    const namespace = flags.namespace ?? (await demandLayout({ cluster: view, linkerdNamespace })).namespace
    const path = await jaegerBasePath({ cluster: view }, namespace)
    await keepForwarding({
      ports,
      findPods: () => readyPods(view.renew(), namespace),
      open: (pod, port) =>
        whileShowing(progress, `connecting to Pod ${pod}`, () =>
          openPort({ namespace, pod, port: JAEGER_PORTS.query }, port),
        ),
      ended: ended.signal,
      pause: () => pause(LOOK_AGAIN_MS, undefined, { signal: ended.signal }),
      onOpen: (address) => show(`http://${address}${path}`, flags.show, context),
      onChange: (text) => void context.stderr.write(`${text}\n`),
    })
  } finally {
    close()
  }
}

/** Ports to try, in this order. */
function portsOf(said: string | undefined): number[] {
  if (said === undefined) return [USUAL_PORT, 0]
  if (/^\d{1,5}$/.test(said) && Number(said) < 65_536) return [Number(said)]
  throw new Error(`--port ${said} is no port from 0 to 65535`)
}

async function readyPods(cluster: ClusterView, namespace: string): Promise<string[]> {
  const found = await readComponent({ cluster }, namespace, 'jaeger')
  if (found === undefined) {
    throw new Error(`Jaeger is not in ${namespace}: traces go to where --backend of install says, or -n names another`)
  }
  return found.pods
    .map(podReadiness)
    .filter(({ isReady }) => isReady)
    .map(({ name }) => name)
}

async function show(url: string, what: DashboardFlags['show'], { stdout, stderr, env }: CliContext): Promise<void> {
  stdout.write(`${url}\n`)
  stderr.write('Jaeger is there until Ctrl-C\n')
  if (what === 'browser' && !(await openBrowser(url, env))) stderr.write('note: no browser could be started\n')
}
