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

export interface EmptyWebhook {
  /** Of the webhook, and of the one Namespace that it is called for. */
  readonly name: string
  /** What it answers for each Pod; nothing when absent. */
  readonly patch?: readonly object[]
}

/**
 * Starts a webhook that decides nothing, in a process of its own, and gives its configuration: that of our own workloads
 * (`ours`), for one Namespace. What it adds is what any webhook on Node adds here.
 */
export async function startEmptyWebhook(
  cluster: Cluster,
  ours: LivePod,
  { name, patch }: EmptyWebhook,
): Promise<object> {
  const service = { namespace: 'default', name }
  const [port = 0] = await findFreePorts(1)
  const authority = await makeAuthority(`${name} CA`)
  const { cert, key } = await makeServingPair(authority, [serviceHost(service)])
  const files = { cert: join(cluster.folder, `${name}.crt`), key: join(cluster.folder, `${name}.key`) }
  await writeFile(files.cert, cert)
  await writeFile(files.key, key, { mode: 0o600 })
  const text = patch === undefined ? [] : [Buffer.from(JSON.stringify(patch)).toString('base64')]
  startServer({
    name,
    command: process.execPath,
    args: [join(import.meta.dirname, 'empty-webhook-process.ts'), `${port}`, files.cert, files.key, ...text],
    logFile: join(cluster.folder, `${name}.log`),
    watchdog: cluster.watchdog,
  })
  await waitUntil({ what: `the ${name}`, limitMs: 20_000 }, () => isListening(port))
  await cluster.kubectlWith(JSON.stringify(loopbackService(service)), 'apply', '-f', '-')
  const entry = ours.webhooks.find((one: LivePod) => one.name === ENTRIES.workloads)
  const clientConfig = { service: { ...service, port }, caBundle: Buffer.from(authority.cert).toString('base64') }
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': name } }
  const webhooks = [{ ...entry, name: 'empty.example.com', namespaceSelector, clientConfig }]
  return { apiVersion: ours.apiVersion, kind: ours.kind, metadata: { name }, webhooks }
}
