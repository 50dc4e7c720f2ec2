import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ENTRIES } from '../../src/install/object-names.ts'
import { makeAuthority, makeServingPair } from '../../test/cluster/control-plane/certificates.ts'
import { findFreePorts } from '../../test/cluster/control-plane/free-ports.ts'
import { startServer } from '../../test/cluster/control-plane/server-process.ts'
import { waitUntil } from '../../test/cluster/control-plane/wait-until.ts'
import type { LivePod } from '../../test/cluster/pods.ts'
import { isListening } from '../../test/cluster/processes-of.ts'
import { loopbackService, serviceHost } from '../../test/cluster/review-server.ts'
import type { Cluster } from '../../test/cluster/start-cluster.ts'

const SERVICE = { namespace: 'default', name: 'empty' }

/**
 * Starts a webhook that does nothing, in a process of its own, and gives its configuration: that of our own workloads
 * (`ours`), for the one Namespace. What it adds is what any webhook on Node adds here.
 */
export async function startEmptyWebhook(cluster: Cluster, ours: LivePod, namespace: string): Promise<object> {
  const [port = 0] = await findFreePorts(1)
  const authority = await makeAuthority('empty CA')
  const { cert, key } = await makeServingPair(authority, [serviceHost(SERVICE)])
  const files = { cert: join(cluster.folder, 'empty.crt'), key: join(cluster.folder, 'empty.key') }
  await writeFile(files.cert, cert)
  await writeFile(files.key, key, { mode: 0o600 })
  startServer({
    name: SERVICE.name,
    command: process.execPath,
    args: [join(import.meta.dirname, 'empty-webhook-process.ts'), `${port}`, files.cert, files.key],
    logFile: join(cluster.folder, 'empty.log'),
    watchdog: cluster.watchdog,
  })
  await waitUntil({ what: 'the empty webhook', limitMs: 20_000 }, () => isListening(port))
  await cluster.kubectlWith(JSON.stringify(loopbackService(SERVICE)), 'apply', '-f', '-')
  const entry = ours.webhooks.find(({ name }: LivePod) => name === ENTRIES.workloads)
  const clientConfig = { service: { ...SERVICE, port }, caBundle: Buffer.from(authority.cert).toString('base64') }
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': namespace } }
  const webhooks = [{ ...entry, name: 'empty.example.com', namespaceSelector, clientConfig }]
  return { apiVersion: ours.apiVersion, kind: ours.kind, metadata: { name: SERVICE.name }, webhooks }
}
