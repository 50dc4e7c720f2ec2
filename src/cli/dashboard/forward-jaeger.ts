import { setTimeout as pause } from 'node:timers/promises'
import { JAEGER_PORTS } from '../../install/jaeger/jaeger-settings.ts'
import type { ClusterView } from '../../kubernetes/cluster-view.ts'
import { readComponent } from '../check/component-state.ts'
import { demandLayout } from '../check/installed-layout.ts'
import { podReadiness } from '../check/pod-readiness.ts'
import { printable } from '../printable.ts'
import { progressOn, whileShowing } from '../show-progress.ts'
import { jaegerBasePath } from '../traces/reach-pod.ts'
import type { Dashboard } from './dashboard.ts'
import { keepForwarding } from './keep-forwarding.ts'

/** Jaeger's own: whoever has bookmarked it finds it again. */
const USUAL_PORT = JAEGER_PORTS.query
/** A Pod that has gone is noticed within so long; and a person who looks at traces is one client of the API server. */
const LOOK_AGAIN_MS = 2_000

export interface JaegerForwarding {
  /** Of this machine; undefined: the usual one, or any where that is taken. */
  readonly port: number | undefined
  /** Told once, with the URL of Jaeger's page. */
  readonly onOpen: (url: string) => Promise<void>
}

/** Takes a run of the command, leads a port to Jaeger until that ends. Rejects with a sentence when there is no way to begin with. */
export async function forwardJaeger(dashboard: Dashboard, { port, onOpen }: JaegerForwarding): Promise<void> {
  const { flags, context, cluster, ended } = dashboard
  const progress = progressOn(context.stderr)
  // Of this moment: the page asks again when Jaeger has come meanwhile.
  const view = cluster.view.renew()
  const { linkerdNamespace } = flags
  const namespace = flags.namespace ?? (await demandLayout({ cluster: view, linkerdNamespace })).namespace
  const path = await jaegerBasePath({ cluster: view }, namespace)
  await keepForwarding({
    ports: port === undefined ? [USUAL_PORT, 0] : [port],
    findPods: () => readyPods(view.renew(), namespace),
    open: (pod, localPort) =>
      whileShowing(progress, `connecting to Pod ${pod}`, () =>
        cluster.openPort({ namespace, pod, port: JAEGER_PORTS.query }, localPort),
      ),
    ended,
    pause: () => pause(LOOK_AGAIN_MS, undefined, { signal: ended }),
    onOpen: (address) => onOpen(`http://${address}${path}`),
    onChange: (text) => void context.stderr.write(`${printable(text)}\n`),
  })
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
