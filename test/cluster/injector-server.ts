import { join } from 'node:path'
import { INJECTOR } from '../../src/install/object-names.ts'
import { findFreePorts } from './control-plane/free-ports.ts'
import { type ServerProcess, startServer } from './control-plane/server-process.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import type { Watchdog } from './control-plane/watchdog.ts'
import { sumSeries } from './prometheus-text.ts'

export interface InjectorServerOptions {
  /** Has `tls.crt` and `tls.key`; the log goes there too. */
  readonly folder: string
  readonly kubeconfig: string
  /** Further flags of `serve`. */
  readonly flags: readonly string[]
  readonly watchdog: Watchdog
}

/** One process of the shipped server; it can be started, ended and started again, on the same ports. */
export interface InjectorServer {
  readonly port: number
  readonly adminPort: number
  /** What it has logged, a JSON object a line. */
  readonly logFile: string
  readonly process: () => ServerProcess
  /** Starts the server (again) and waits until it is ready. */
  start(): Promise<void>
  /** Starts it without waiting for anything. */
  launch(): void
  isReady(): Promise<boolean>
  /** One metric, the sum of the series that have all these labels. */
  metric(name: string, labels?: Readonly<Record<string, string>>): Promise<number>
}

const MAIN = join(import.meta.dirname, '../../dist/main.js')

/** Chooses free ports for the shipped server; it does not run yet. */
export async function prepareInjectorServer(options: InjectorServerOptions): Promise<InjectorServer> {
  const { folder, kubeconfig, flags, watchdog } = options
  const [port = 0, adminPort = 0] = await findFreePorts(2)
  const logFile = join(folder, `log-${port}`)
  const places = ['--port', `${port}`, '--admin-port', `${adminPort}`, '--cert-dir', folder, '--kubeconfig', kubeconfig]
  const args = [MAIN, 'serve', ...places, ...flags]
  let server: ServerProcess | undefined
  const running = () => {
    if (server === undefined) throw new Error('the injector was not started')
    return server
  }
  const askAdmin = (path: string) => fetch(`http://127.0.0.1:${adminPort}${path}`)
  const injector: InjectorServer = {
    port,
    adminPort,
    logFile,
    process: running,
    launch: () => {
      server = startServer({ name: INJECTOR, command: process.execPath, args, logFile, watchdog })
    },
    start: async () => {
      injector.launch()
      const wait = { what: 'the injector to be ready', limitMs: 30_000, context: running().logTail }
      await waitUntil(wait, injector.isReady)
    },
    isReady: async () => (await askAdmin('/ready')).ok,
    metric: async (name, labels) => sumSeries(await (await askAdmin('/metrics')).text(), name, labels),
  }
  return injector
}
