import { setTimeout as sleep } from 'node:timers/promises'
import { CERTIFICATE_SECRET } from '../../../src/install/object-names.ts'
import type { ApiGate, GateState } from '../api-gate.ts'
import type { Balancer } from '../balancer.ts'
import { waitUntil } from '../control-plane/wait-until.ts'
import type { InjectorServer } from '../injector-server.ts'
import { LAYOUT } from '../installed-injector.ts'
import type { Cluster } from '../start-cluster.ts'
import type { Span } from './pod-stream.ts'

/** What mishaps happen to. */
export interface Stage {
  readonly cluster: Cluster
  readonly gate: ApiGate
  readonly balancer: Balancer
  readonly replicas: readonly InjectorServer[]
}

export interface Mishap {
  readonly name: string
  /** Whether the API server itself refuses and breaks off requests meanwhile. */
  readonly isOfApiServer?: boolean
  /** Makes it happen, waits until all is well again; gives when Pods were sent to replicas that had been killed. */
  readonly happen: (stage: Stage) => Promise<readonly Span[]>
}

export const MISHAPS: readonly Mishap[] = [
  { name: 'rolling restart', happen: restartAll },
  { name: 'one replica killed', happen: (stage) => killSome(stage, stage.replicas.slice(0, 1)) },
  { name: 'another CA', happen: changeCa },
  { name: 'the watch is cut', happen: (stage) => cutWatch(stage, 'shut') },
  { name: 'the watch is silent', happen: (stage) => cutWatch(stage, 'silent') },
  { name: 'the API server is restarted', isOfApiServer: true, happen: (stage) => restartApiServer(stage, 'stop') },
  { name: 'all replicas killed', happen: (stage) => killSome(stage, stage.replicas) },
  { name: 'the API server is killed', isOfApiServer: true, happen: (stage) => restartApiServer(stage, 'kill') },
]

const CUT_MS = 6_000

/** Waits until connections go to each replica. */
export async function allServe({ balancer, replicas }: Stage): Promise<void> {
  const what = 'all replicas to serve'
  await waitUntil({ what, limitMs: 60_000 }, () => balancer.targets().length === replicas.length)
}

async function restartAll(stage: Stage): Promise<Span[]> {
  for (const replica of stage.replicas) {
    await replica.process().end('SIGTERM')
    await replica.start()
    await allServe(stage)
  }
  return []
}

/** Until endpoints have noticed, as late as in a cluster, Pods are on their way to replicas that are no more. */
async function killSome(stage: Stage, killed: readonly InjectorServer[]): Promise<Span[]> {
  const from = performance.now()
  await Promise.all(killed.map((replica) => replica.process().end('SIGKILL')))
  const isGone = ({ port }: InjectorServer) => !stage.balancer.targets().includes(port)
  await waitUntil({ what: 'killed replicas to be called no more', limitMs: 20_000 }, () => killed.every(isGone))
  const goneAt = performance.now()
  await Promise.all(killed.map((replica) => replica.start()))
  await waitUntil({ what: 'a replica to be called', limitMs: 60_000 }, () => stage.balancer.targets().length > 0)
  const servedAt = performance.now()
  await allServe(stage)
  return [{ from, to: killed.length < stage.replicas.length ? goneAt : servedAt }]
}

async function changeCa({ cluster }: Stage): Promise<Span[]> {
  const read = async () => {
    const { stdout } = await cluster.kubectl('get', 'secret', CERTIFICATE_SECRET, '-n', LAYOUT.namespace, '-o', 'json')
    return (JSON.parse(stdout) as { data: Record<string, string> }).data['ca.crt']
  }
  const before = await read()
  const wish = ['patch', 'secret', CERTIFICATE_SECRET, '-n', LAYOUT.namespace, '-p', '{"stringData":{"rotate":"ca"}}']
  await cluster.kubectl(...wish)
  await waitUntil({ what: 'the next CA to sign', limitMs: 60_000 }, async () => (await read()) !== before)
  return []
}

async function cutWatch({ gate }: Stage, state: GateState): Promise<Span[]> {
  gate.turn(state)
  await sleep(CUT_MS)
  gate.turn('open')
  return []
}

async function restartApiServer({ cluster }: Stage, end: 'stop' | 'kill'): Promise<Span[]> {
  await cluster.apiServer[end]()
  await cluster.apiServer.start()
  return []
}
