import { readFileSync } from 'node:fs'
import type { Tools } from '../tools/tool-names.ts'
import { apiServerFlags } from './api-server.ts'
import { askServer } from './ask-server.ts'
import type { ClusterFiles } from './cluster-files.ts'
import { controllerManagerFlags } from './controller-manager.ts'
import { etcdFlags } from './etcd.ts'
import { type ServerProcess, startServer } from './server-process.ts'
import { waitUntil } from './wait-until.ts'
import type { Watchdog } from './watchdog.ts'

/** Ports on 127.0.0.1. */
export interface ClusterPorts {
  readonly etcd: number
  readonly etcdPeer: number
  readonly apiServer: number
  readonly controllerManager: number
}

/** The API server of a running cluster; its data is etcd's, and stays. */
export interface ApiServerControl {
  /** Kills it, as a crash would. */
  kill(): Promise<void>
  /** Ends it as an update would: requests in flight are finished. */
  stop(): Promise<void>
  /** Starts it again on the same port and waits until it is ready. */
  start(): Promise<void>
}

export interface ControlPlane {
  readonly apiServer: ApiServerControl
  startEtcd(): void
  startControllerManager(): Promise<void>
  /** The process ids of all that runs now. */
  pids(): number[]
  /** Ends everything at once: nothing of what the servers would still write is wanted. */
  kill(): Promise<void>
}

export interface ControlPlaneParts {
  readonly tools: Tools
  readonly files: ClusterFiles
  readonly ports: ClusterPorts
  readonly watchdog: Watchdog
  readonly emulatedVersion: string | undefined
  /** Further flags of the API server. */
  readonly apiServerFlags?: readonly string[] | undefined
}

// Measured: 2 to 3 s. A shared machine that also compiles takes several times as long.
const READY_LIMIT_MS = 60_000

/** The three servers of one cluster, none of them started yet. */
export function controlPlane({ tools, files, ports, watchdog, ...options }: ControlPlaneParts): ControlPlane {
  const running = new Map<string, ServerProcess>()
  const run = (name: keyof Tools, args: string[]): ServerProcess => {
    const command = tools[name]
    if (command === undefined) throw new Error(`${name} is missing from KUBEBUILDER_ASSETS.`)
    const started = startServer({ name, command, args, logFile: files.log(name), watchdog })
    running.set(name, started)
    return started
  }
  const authority = () => readFileSync(files.authority, 'utf8')
  return {
    startEtcd: () => {
      run('etcd', etcdFlags(files, ports))
    },
    apiServer: {
      kill: async () => running.get('kube-apiserver')?.end('SIGKILL'),
      stop: async () => running.get('kube-apiserver')?.end('SIGTERM'),
      start: async () => {
        const { emulatedVersion, apiServerFlags: flags } = options
        const place = { port: ports.apiServer, etcdPort: ports.etcd, emulatedVersion, flags }
        const server = run('kube-apiserver', apiServerFlags(files, place))
        await isReady(server, () => askServer(ports.apiServer, '/readyz', authority()))
      },
    },
    startControllerManager: async () => {
      const server = run('kube-controller-manager', controllerManagerFlags(files, ports.controllerManager))
      await isReady(server, () => askServer(ports.controllerManager, '/healthz', authority()))
    },
    pids: () => [...running.values()].filter((one) => !one.hasExited()).map((one) => one.pid),
    kill: async () => {
      for (const one of [...running.values()].reverse()) await one.end('SIGKILL')
    },
  }
}

async function isReady(server: ServerProcess, ask: () => Promise<{ status: number }>): Promise<void> {
  const wait = { what: `${server.name} to be ready`, limitMs: READY_LIMIT_MS, context: server.logTail }
  const state = await waitUntil(wait, async () => {
    if (server.hasExited()) return 'exited'
    return (await ask()).status === 200 && 'ready'
  })
  if (state === 'exited') throw new Error(`${server.name} ended before it was ready.\n${server.logTail()}`)
}
