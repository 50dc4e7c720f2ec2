import { rm } from 'node:fs/promises'
import { accessCluster, type ClusterAccess, ensureDefaultServiceAccount } from './cluster-access.ts'
import { type ClusterFiles, clusterFiles, makeClusterFolder, writeClusterFiles } from './control-plane/cluster-files.ts'
import { findFreePorts } from './control-plane/free-ports.ts'
import { type ApiServerControl, type ClusterPorts, controlPlane } from './control-plane/servers.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { startWatchdog, type Watchdog } from './control-plane/watchdog.ts'
import { findTools } from './tools/find-tools.ts'
import type { Tools } from './tools/tool-names.ts'

export interface ClusterOptions {
  /** `1.34`, `1.35` or `1.36`: the API server behaves as that version would. */
  readonly emulatedVersion?: string | undefined
  /** Whether Deployments get Pods; on by default, where there is the program. */
  readonly controllerManager?: boolean | undefined
  /** Further flags of the API server, such as `--admission-control-config-file=…`. */
  readonly apiServerFlags?: readonly string[]
  /** Told what takes long: building the programs the first time. */
  readonly say?: (text: string) => void
}

export interface Cluster extends ClusterAccess {
  readonly apiServer: ApiServerControl
  /** For other servers that must not outlive the test that started them, whatever becomes of it. */
  readonly watchdog: Watchdog
  /** Kills all servers, as a power cut would; their data stays. */
  killAll(): Promise<void>
  /** Starts all of them again, on the same ports. */
  startAll(): Promise<void>
  /** The process ids of all that runs now. */
  pids(): number[]
  /** Kills the servers and removes the folder. */
  stop(): Promise<void>
}

/**
 * Starts etcd, kube-apiserver and kube-controller-manager on free ports of 127.0.0.1, with keys and data of their own.
 * Throws, with the end of the log, when one does not become ready; nothing is left running then.
 */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { emulatedVersion, controllerManager, apiServerFlags, say } = options
  const tools = await findTools(say ?? (() => {}))
  const files = clusterFiles(await makeClusterFolder())
  const watchdog = startWatchdog(files.folder)
  try {
    const hasControllerManager = controllerManager !== false && tools['kube-controller-manager'] !== undefined
    return await startIn({ tools, files, watchdog, emulatedVersion, apiServerFlags, hasControllerManager })
  } catch (error) {
    await watchdog.end()
    throw error
  }
}

interface Start {
  readonly tools: Tools
  readonly files: ClusterFiles
  readonly watchdog: Watchdog
  readonly emulatedVersion: string | undefined
  readonly apiServerFlags: readonly string[] | undefined
  readonly hasControllerManager: boolean
}

async function startIn({ hasControllerManager, ...start }: Start): Promise<Cluster> {
  const { files, tools, watchdog } = start
  const ports = await choosePorts()
  const server = `https://127.0.0.1:${ports.apiServer}`
  await writeClusterFiles(files, server)
  const servers = controlPlane({ ...start, ports })
  const startAll = async () => {
    servers.startEtcd()
    await servers.apiServer.start()
    if (hasControllerManager) await servers.startControllerManager()
  }
  await startAll()
  const { folder, kubeconfig } = files
  const access = accessCluster({
    folder,
    server,
    kubeconfig,
    ports,
    hasControllerManager,
    kubectlProgram: tools.kubectl,
  })
  // The API server makes the Namespace a moment after it has said that it is ready.
  await waitUntil({ what: 'the Namespace default', limitMs: 30_000 }, () =>
    access.kubectl('get', 'namespace', 'default'),
  )
  await ensureDefaultServiceAccount(access, 'default')
  return {
    ...access,
    apiServer: servers.apiServer,
    killAll: servers.kill,
    startAll,
    watchdog,
    pids: servers.pids,
    stop: async () => {
      await servers.kill()
      await rm(folder, { recursive: true, force: true })
      await watchdog.end()
    },
  }
}

async function choosePorts(): Promise<ClusterPorts> {
  const [etcd = 0, etcdPeer = 0, apiServer = 0, controllerManager = 0] = await findFreePorts(4)
  return { etcd, etcdPeer, apiServer, controllerManager }
}
