import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { waitUntil } from '../../test/cluster/control-plane/wait-until.ts'
import { fillNamespaces } from '../../test/cluster/fill-namespaces.ts'
import { sumSeries } from '../../test/cluster/prometheus-text.ts'
import { type Cluster, startCluster } from '../../test/cluster/start-cluster.ts'
import { cpuSeconds } from '../bridge/cpu-time.ts'
import { onCore } from '../on-core.ts'
import { type Load, type Posted, postLoad } from '../post-load.ts'
import { type Memory, type RunningServe, startServe } from '../serve-process.ts'
import { shippedProgram } from '../shipped-program.ts'

const INJECT = 'tracing.linkerd.io/inject'
/** That of the payload: its reviews find it in the cache. */
const NAMESPACE = 'shop'
/** A third of them opt in; the others say nothing about tracing, as most Namespaces do. */
const OPTED_IN_PART = 3
const IDLE_MS = 5_000
/** An API server that others hold up takes long for a hundred thousand. */
const SYNC_LIMIT_MS = 120_000

/** What `serve` needs beside so many Namespaces, and how it answers then. */
export interface Served {
  readonly readyMs: number
  /** CPU until then: its own, and that of API server and etcd, which other work on the machine does not change. */
  readonly cpuSeconds: number
  readonly clusterCpuSeconds: number
  /** A few seconds after the sync, before any request. */
  readonly memory: Memory
  /** One for each round. */
  readonly rounds: readonly Posted[]
}

export interface NamespacesPlan extends Load {
  readonly folder: string
  readonly namespaces: number
  readonly rounds: number
  readonly say: (text: string) => void
}

/** Starts two clusters, one with a few Namespaces and one with many, and a `serve` at each, which are measured in turn. */
export async function measureNamespaces(plan: NamespacesPlan): Promise<{ few: Served; many: Served }> {
  const clusters: Cluster[] = []
  const servers: RunningServe[] = []
  const start = async (namespaces: number) => {
    const cluster = await startCluster({ controllerManager: false, say: plan.say })
    clusters.push(cluster)
    await cluster.createNamespace({ name: NAMESPACE, labels: { [INJECT]: 'enabled' } })
    await fill(cluster, namespaces, plan.say)
    const [file = '', ...before] = [...onCore(1), ...shippedProgram()]
    const words = ['--kubeconfig', cluster.kubeconfig]
    const certDir = join(plan.folder, 'tls')
    const clusterCpu = () => cluster.pids().reduce((sum, pid) => sum + cpuSeconds(pid), 0)
    const cpuBefore = clusterCpu()
    const server = await startServe([file, ...before], { certDir, words, limitMs: SYNC_LIMIT_MS })
    servers.push(server)
    const cpu = { cpuSeconds: cpuSeconds(server.pid), clusterCpuSeconds: clusterCpu() - cpuBefore }
    plan.say(
      `ready after ${(server.readyMs / 1000).toFixed(1)} s, with ${namespaces.toLocaleString('en')} more Namespaces`,
    )
    await sleep(IDLE_MS)
    return { server, found: { readyMs: server.readyMs, ...cpu, memory: server.memory() } }
  }
  try {
    const [few, many] = [await start(0), await start(plan.namespaces)]
    const rounds: { few: Posted; many: Posted }[] = []
    // The first round warms up.
    for (let round = 0; round <= plan.rounds; round++) {
      const posted = { few: await postLoad(few.server, plan), many: await postLoad(many.server, plan) }
      if (round > 0) rounds.push(posted)
    }
    return {
      few: { ...few.found, rounds: rounds.map((round) => round.few) },
      many: { ...many.found, rounds: rounds.map((round) => round.many) },
    }
  } finally {
    await Promise.all(servers.map((server) => server.end()))
    await Promise.all(clusters.map((cluster) => cluster.stop()))
  }
}

/** Writes them, and waits until the API server has them in its own cache, as one has that did not start a moment ago. */
async function fill(cluster: Cluster, count: number, say: (text: string) => void): Promise<void> {
  if (count === 0) return
  const labels = (name: string): Record<string, string> =>
    Number(name.split('-')[1]) % OPTED_IN_PART === 0 ? { team: name, [INJECT]: 'enabled' } : { team: name }
  await fillNamespaces(cluster, {
    count,
    prefix: 'team',
    labels,
    onProgress: (written) => written % 25_600 === 0 && say(`${written.toLocaleString('en')} Namespaces written`),
  })
  await waitUntil({ what: 'the API server to have seen them', limitMs: SYNC_LIMIT_MS }, async () => {
    const { stdout } = await cluster.kubectl('get', '--raw', '/metrics')
    return sumSeries(stdout, 'apiserver_watch_cache_events_received_total', { resource: 'namespaces' }) >= count
  })
}
