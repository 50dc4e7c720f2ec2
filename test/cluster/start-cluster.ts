import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { accessCluster, type ClusterAccess, ensureDefaultServiceAccount } from './cluster-access.ts'
import { apiServerFlags } from './control-plane/api-server.ts'
import { askServer } from './control-plane/ask-server.ts'
import { type ClusterFiles, clusterFiles, makeClusterFolder, writeClusterFiles } from './control-plane/cluster-files.ts'
import { controllerManagerFlags } from './control-plane/controller-manager.ts'
import { etcdFlags } from './control-plane/etcd.ts'
import { findFreePorts } from './control-plane/free-ports.ts'
import { type ServerProcess, startServer } from './control-plane/server-process.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { startWatchdog, type Watchdog } from './control-plane/watchdog.ts'
import { findTools } from './tools/find-tools.ts'
import type { Tools } from './tools/tool-names.ts'

export interface ClusterOptions {
  /** `1.34`, `1.35` or `1.36`: the API server behaves as that version would. */
  readonly emulatedVersion?: string | undefined
  /** Whether Deployments get Pods; on by default, when the program is there. */
  readonly controllerManager?: boolean | undefined
  /** Told what takes long: building the programs the first time. */
  readonly say?: (text: string) => void
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

export interface Cluster extends ClusterAccess {
  readonly apiServer: ApiServerControl
  /** For other servers that must not outlive the test that started them, whatever becomes of it. */
  readonly watchdog: Watchdog
  /** The process ids of all that runs now. */
  pids(): number[]
  /** Kills the servers and removes the folder. */
  stop(): Promise<void>
}

// Measured: 2 to 3 s. A shared machine that also compiles takes several times as long.
const READY_LIMIT_MS = 60_000

/**
 * Starts etcd, kube-apiserver and kube-controller-manager on free ports of 127.0.0.1, with keys and data of their own.
 * Throws, with the end of the log, when one does not become ready; nothing is left running then.
 */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const tools = await findTools(options.say ?? (() => {}))
  const files = clusterFiles(await makeClusterFolder())
  const watchdog = startWatchdog(files.folder)
  try {
    return await startServers({ options, tools, files, watchdog })
  } catch (error) {
    await watchdog.end()
    throw error
  }
}

interface Start {
  readonly options: ClusterOptions
  readonly tools: Tools
  readonly files: ClusterFiles
  readonly watchdog: Watchdog
}

async function startServers({ options, tools, files, watchdog }: Start): Promise<Cluster> {
  const [etcdPort = 0, etcdPeer = 0, port = 0, controllerManagerPort = 0] = await findFreePorts(4)
  const server = `https://127.0.0.1:${port}`
  await writeClusterFiles(files, server)
  const running = new Map<string, ServerProcess>()
  const run = (name: string, command: string, args: string[]): ServerProcess => {
    const started = startServer({ name, command, args, logFile: files.log(name), watchdog })
    running.set(name, started)
    return started
  }
  const startApiServer = async () => {
    const place = { port, etcdPort, emulatedVersion: options.emulatedVersion }
    await ready(run('kube-apiserver', tools['kube-apiserver'], apiServerFlags(files, place)), {
      files,
      port,
      path: '/readyz',
    })
  }
  run('etcd', tools.etcd, etcdFlags(files, { etcd: etcdPort, etcdPeer }))
  await startApiServer()
  const controllerManager = options.controllerManager === false ? undefined : tools['kube-controller-manager']
  if (controllerManager !== undefined) {
    const flags = controllerManagerFlags(files, controllerManagerPort)
    const place = { files, port: controllerManagerPort, path: '/healthz' }
    await ready(run('kube-controller-manager', controllerManager, flags), place)
  }
  const access = accessCluster({
    folder: files.folder,
    server,
    kubeconfig: files.kubeconfig,
    kubectlProgram: tools.kubectl,
    ports: { etcd: etcdPort, etcdPeer, apiServer: port, controllerManager: controllerManagerPort },
    hasControllerManager: controllerManager !== undefined,
  })
  // The API server makes the Namespace a moment after it has said that it is ready.
  await waitUntil({ what: 'the Namespace default', limitMs: READY_LIMIT_MS }, () =>
    access.kubectl('get', 'namespace', 'default'),
  )
  await ensureDefaultServiceAccount(access, 'default')
  const apiServer = () => running.get('kube-apiserver')
  return {
    ...access,
    apiServer: {
      kill: async () => apiServer()?.end('SIGKILL'),
      stop: async () => apiServer()?.end('SIGTERM'),
      start: startApiServer,
    },
    watchdog,
    pids: () => [...running.values()].filter((one) => !one.hasExited()).map((one) => one.pid),
    stop: async () => {
      // Killed: nothing of what they would still write is wanted. Last started, first ended.
      for (const one of [...running.values()].reverse()) await one.end('SIGKILL')
      await rm(files.folder, { recursive: true, force: true })
      await watchdog.end()
    },
  }
}

interface ReadyAt {
  readonly files: ClusterFiles
  readonly port: number
  readonly path: string
}

async function ready(server: ServerProcess, { files, port, path }: ReadyAt): Promise<void> {
  const authority = readFileSync(files.authority, 'utf8')
  const what = `${server.name} to be ready`
  const state = await waitUntil({ what, limitMs: READY_LIMIT_MS, context: server.logTail }, async () => {
    if (server.hasExited()) return 'exited'
    return (await askServer(port, path, authority)).status === 200 && 'ready'
  })
  if (state === 'exited') throw new Error(`${server.name} ended before it was ready.\n${server.logTail()}`)
}
