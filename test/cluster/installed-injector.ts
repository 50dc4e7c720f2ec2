import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { injectorManifests } from '../../src/install/injector-manifests.ts'
import type { InstallLayout } from '../../src/install/layout.ts'
import { ENTRIES, INJECTOR } from '../../src/install/object-names.ts'
import { injectorArguments } from '../../src/install/objects/injector-arguments.ts'
import { defaultValues } from '../../src/install/values/read-values.ts'
import type { ClusterAccess } from './cluster-access.ts'
import { type KeyPair, makeAuthority, makeServingPair } from './control-plane/certificates.ts'
import { startWatchdog } from './control-plane/watchdog.ts'
import { type InjectorServer, prepareInjectorServer } from './injector-server.ts'
import { loopbackService, serviceHost } from './review-server.ts'

// biome-ignore lint/suspicious/noExplicitAny: manifests as they are applied
type Raw = any

export const LAYOUT: InstallLayout = {
  namespace: 'linkerd-tracing',
  linkerdNamespace: 'linkerd',
  allNamespaces: false,
  controlPlane: true,
  certs: 'self-managed',
}

export interface InstallOptions extends Partial<InstallLayout> {
  /** Port of the stand-in for Linkerd's injector, for the forward entry of the seed layout. */
  readonly linkerdInjectorPort?: number
  /** Port that the configurations name instead of the server's own: a balancer's. */
  readonly configuredPort?: number
  /** Further flags of `serve`. */
  readonly flags?: readonly string[]
  /** Whether a server is started; without one the API server calls in vain. */
  readonly serve?: boolean
}

export interface InstalledInjector extends InjectorServer {
  readonly layout: InstallLayout
  /** The shipped manifests as they were applied. */
  readonly manifests: readonly object[]
  /** The CA of the injector's certificate, where that comes from files (`certs: 'files'`); else it is nobody's. */
  readonly authority: KeyPair
  /** One more server with the same rights and flags, on ports of its own; it does not run yet. */
  addReplica(): Promise<InjectorServer>
  /** With files: writes a CA bundle into each of our own entries; the injector's own by default. */
  patchBundles(authority?: string): Promise<void>
  /** With files: gives the servers another certificate, from their next start on. */
  writeCertificate(pair: KeyPair): Promise<void>
  /** Ends all servers and removes their files; what was installed stays. */
  end(): Promise<void>
  /** Ends all servers and removes what was installed. */
  uninstall(): Promise<void>
}

/** The host name that the API server demands of the injector's certificate. */
export function injectorHost({ namespace }: InstallLayout): string {
  return serviceHost({ namespace, name: INJECTOR })
}

/**
 * Installs the shipped manifests and runs the shipped server with exactly the rights that they grant. Only two things
 * differ from a real installation: the Service leads to loopback, and the configurations name the port there.
 */
export async function installInjector(
  cluster: ClusterAccess,
  options: InstallOptions = {},
): Promise<InstalledInjector> {
  const { linkerdInjectorPort, configuredPort, flags = [], serve = true, ...overrides } = options
  const layout = { ...LAYOUT, ...overrides }
  const folder = await mkdtemp(join(tmpdir(), 'linkerd-tracing-injector-'))
  const watchdog = startWatchdog(folder)
  const authority = await makeAuthority(`${INJECTOR} CA`)
  const hasFiles = layout.certs === 'files'
  if (hasFiles) await writePair(folder, await makeServingPair(authority, [injectorHost(layout)]))
  await makeNamespace(cluster, layout.namespace)
  await makeNamespace(cluster, layout.linkerdNamespace)
  const service = loopbackService({ namespace: layout.namespace, name: INJECTOR })
  await cluster.kubectlWith(list([...injectorManifests(layout).filter(isNoConfiguration), service]), 'apply', '-f', '-')
  const kubeconfig = await cluster.serviceAccountKubeconfig(layout.namespace, INJECTOR)
  const addReplica = () =>
    prepareInjectorServer({ folder, kubeconfig, watchdog, flags: [...layoutFlags(layout), ...flags] })
  const server = await addReplica()
  const port = configuredPort ?? server.port
  const manifests = injectorManifests(layout).map((manifest) => onLoopback(manifest, { port, linkerdInjectorPort }))
  await cluster.kubectlWith(list(manifests), 'apply', '-f', '-')
  const injector: InstalledInjector = {
    ...server,
    layout,
    manifests,
    authority,
    addReplica,
    patchBundles: async (bundle = authority.cert) => {
      for (const manifest of manifests) await patchBundles(cluster, manifest, bundle)
    },
    writeCertificate: (pair) => writePair(folder, pair),
    // kills the servers that still run
    end: watchdog.end,
    uninstall: async () => {
      await cluster.kubectlWith(list([...manifests, service]), 'delete', '--ignore-not-found', '-f', '-')
      await watchdog.end()
    },
  }
  if (serve) await injector.start()
  // Otherwise the injector has done so: it is not ready before.
  if (hasFiles) await injector.patchBundles()
  return injector
}

async function writePair(folder: string, { cert, key }: KeyPair): Promise<void> {
  await writeFile(join(folder, 'tls.crt'), cert)
  await writeFile(join(folder, 'tls.key'), key, { mode: 0o600 })
}

async function makeNamespace(cluster: ClusterAccess, name: string): Promise<void> {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }
  await cluster.kubectlWith(JSON.stringify(namespace), 'create', '-f', '-').catch((error) => {
    if (!String(error.stderr).includes('AlreadyExists')) throw error
  })
}

export interface Ports {
  readonly port: number
  readonly linkerdInjectorPort: number | undefined
}

/** Gives a webhook configuration whose entries name ports of this machine; any other manifest as it is. */
export function onLoopback(manifest: Raw, { port, linkerdInjectorPort = 1 }: Ports): Raw {
  if (manifest.kind !== 'MutatingWebhookConfiguration') return manifest
  const webhooks = manifest.webhooks.map((entry: Raw) => {
    const service = { ...entry.clientConfig.service, port: entry.name === ENTRIES.forward ? linkerdInjectorPort : port }
    return { ...entry, clientConfig: { ...entry.clientConfig, service } }
  })
  return { ...manifest, webhooks }
}

/** The arguments of the shipped Deployment, but for what this machine's own places are. */
function layoutFlags(layout: InstallLayout): string[] {
  const places = /^(serve|--(host|port|admin-port|cert-dir)=.*)$/
  return injectorArguments({ ...defaultValues(), ...layout }).filter((word) => !places.test(word))
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

function isNoConfiguration({ kind }: Raw): boolean {
  return kind !== 'MutatingWebhookConfiguration'
}

function list(items: readonly unknown[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
}
