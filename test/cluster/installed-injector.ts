import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { injectorManifests } from '../../src/install/injector-manifests.ts'
import type { InstallLayout } from '../../src/install/layout.ts'
import { ENTRIES, INJECTOR } from '../../src/install/object-names.ts'
import type { ClusterAccess } from './cluster-access.ts'
import { type KeyPair, makeAuthority, makeServingPair } from './control-plane/certificates.ts'
import { findFreePorts } from './control-plane/free-ports.ts'
import { type ServerProcess, startServer } from './control-plane/server-process.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { startWatchdog } from './control-plane/watchdog.ts'
import { loopbackService, serviceHost } from './review-server.ts'

// biome-ignore lint/suspicious/noExplicitAny: manifests as they are applied
type Raw = any

export const LAYOUT: InstallLayout = {
  namespace: 'linkerd-tracing',
  linkerdNamespace: 'linkerd',
  allNamespaces: false,
  controlPlane: true,
}

export interface InstallOptions extends Partial<InstallLayout> {
  /** Port of the stand-in for Linkerd's injector, for the forward entry of the seed layout. */
  readonly linkerdInjectorPort?: number
  /** Further flags of `serve`. */
  readonly flags?: readonly string[]
  /** Whether a server is started; without one the API server calls in vain. */
  readonly serve?: boolean
}

export interface InstalledInjector {
  readonly layout: InstallLayout
  /** The shipped manifests as they were applied. */
  readonly manifests: readonly object[]
  /** The webhook's port; it stays the same over restarts. */
  readonly port: number
  readonly adminPort: number
  /** The injector's CA, PEM. */
  readonly authority: KeyPair
  readonly process: () => ServerProcess
  /** Starts the server (again) and waits until it is ready. */
  start(): Promise<void>
  /** One metric, the sum of the series that have all these labels. */
  metric(name: string, labels?: Readonly<Record<string, string>>): Promise<number>
  /** Writes a CA bundle into each of our own entries; the injector's own by default. */
  patchBundles(authority?: string): Promise<void>
  /** What the server has logged, a JSON object a line. */
  logFile: string
  /** Ends the server and removes what was installed. */
  uninstall(): Promise<void>
}

/**
 * Installs the shipped manifests and runs the shipped server with exactly the rights that they grant. Only two things
 * differ from a real installation: the Service leads to loopback, and the configurations name the port there.
 */
export async function installInjector(
  cluster: ClusterAccess,
  options: InstallOptions = {},
): Promise<InstalledInjector> {
  const { linkerdInjectorPort, flags = [], serve = true, ...overrides } = options
  const layout = { ...LAYOUT, ...overrides }
  const folder = await mkdtemp(join(tmpdir(), 'linkerd-tracing-injector-'))
  const watchdog = startWatchdog(folder)
  const [port = 0, adminPort = 0] = await findFreePorts(2)
  const authority = await writeCertificate(folder, layout)
  await makeNamespace(cluster, layout.namespace)
  await makeNamespace(cluster, layout.linkerdNamespace)
  const manifests = injectorManifests(layout).map((manifest) => onLoopback(manifest, { port, linkerdInjectorPort }))
  const service = loopbackService({ namespace: layout.namespace, name: INJECTOR })
  await cluster.kubectlWith(list([...manifests, service]), 'apply', '-f', '-')
  const kubeconfig = await cluster.serviceAccountKubeconfig(layout.namespace, INJECTOR)
  const args = [
    'serve',
    '--port',
    `${port}`,
    '--admin-port',
    `${adminPort}`,
    '--cert-dir',
    folder,
    '--kubeconfig',
    kubeconfig,
  ]
  const logFile = join(folder, 'log')
  let server: ServerProcess | undefined
  const running = () => {
    if (server === undefined) throw new Error('the injector was not started')
    return server
  }
  const injector: InstalledInjector = {
    layout,
    manifests,
    port,
    adminPort,
    authority,
    logFile,
    process: running,
    start: async () => {
      const command = { name: INJECTOR, command: process.execPath, logFile, watchdog }
      server = startServer({ ...command, args: [MAIN, ...args, ...layoutFlags(layout), ...flags] })
      await waitUntil({ what: 'the injector to be ready', limitMs: 30_000, context: running().logTail }, () =>
        isReady(adminPort),
      )
    },
    metric: async (name, labels = {}) => readMetric(await adminText(adminPort, '/metrics'), name, labels),
    patchBundles: async (bundle = authority.cert) => {
      for (const manifest of manifests) await patchBundles(cluster, manifest, bundle)
    },
    uninstall: async () => {
      await server?.end('SIGKILL')
      await cluster.kubectlWith(list([...manifests, service]), 'delete', '--ignore-not-found', '-f', '-')
      await watchdog.end()
    },
  }
  if (serve) await injector.start()
  await injector.patchBundles()
  return injector
}

const MAIN = join(import.meta.dirname, '../../dist/main.js')

async function writeCertificate(folder: string, { namespace }: InstallLayout): Promise<KeyPair> {
  const authority = await makeAuthority(`${INJECTOR} CA`)
  const pair = await makeServingPair(authority, [serviceHost({ namespace, name: INJECTOR })])
  await writeFile(join(folder, 'tls.crt'), pair.cert)
  await writeFile(join(folder, 'tls.key'), pair.key, { mode: 0o600 })
  return authority
}

async function makeNamespace(cluster: ClusterAccess, name: string): Promise<void> {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }
  await cluster.kubectlWith(JSON.stringify(namespace), 'create', '-f', '-').catch((error) => {
    if (!String(error.stderr).includes('AlreadyExists')) throw error
  })
}

interface Ports {
  readonly port: number
  readonly linkerdInjectorPort: number | undefined
}

function onLoopback(manifest: Raw, { port, linkerdInjectorPort = 1 }: Ports): Raw {
  if (manifest.kind !== 'MutatingWebhookConfiguration') return manifest
  const webhooks = manifest.webhooks.map((entry: Raw) => {
    const service = { ...entry.clientConfig.service, port: entry.name === ENTRIES.forward ? linkerdInjectorPort : port }
    return { ...entry, clientConfig: { service } }
  })
  return { ...manifest, webhooks }
}

function layoutFlags({ namespace, linkerdNamespace, allNamespaces, controlPlane }: InstallLayout): string[] {
  const namespaces = ['--collector-namespace', namespace, '--linkerd-namespace', linkerdNamespace]
  return [...namespaces, `--all-namespaces=${allNamespaces}`, `--control-plane=${controlPlane}`]
}

async function patchBundles(cluster: ClusterAccess, manifest: Raw, authority: string): Promise<void> {
  if (manifest.kind !== 'MutatingWebhookConfiguration') return
  const value = Buffer.from(authority).toString('base64')
  const operations = manifest.webhooks.flatMap(({ name }: Raw, index: number) =>
    name === ENTRIES.forward ? [] : [{ op: 'add', path: `/webhooks/${index}/clientConfig/caBundle`, value }],
  )
  const patch = ['patch', 'mutatingwebhookconfiguration', manifest.metadata.name, '--type=json']
  await cluster.kubectl(...patch, '-p', JSON.stringify(operations))
}

async function isReady(adminPort: number): Promise<boolean> {
  return (await fetch(`http://127.0.0.1:${adminPort}/ready`)).ok
}

async function adminText(adminPort: number, path: string): Promise<string> {
  return (await fetch(`http://127.0.0.1:${adminPort}${path}`)).text()
}

function readMetric(text: string, name: string, labels: Readonly<Record<string, string>>): number {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
  const series = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
  const fitting = series.filter((line) => wanted.every((label) => line.includes(label)))
  return fitting.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
}

function list(items: readonly unknown[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
}
