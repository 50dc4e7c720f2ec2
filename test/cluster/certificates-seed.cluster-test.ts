// In the seed layout the injector may not make Secrets in Linkerd's namespace, so a deleted one is told
// of, and filled again when the manifests are applied; and `forward` never gets our CA.
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { CERTIFICATE_SECRET, ENTRIES, MARK_CONFIGURATION } from '../../src/install/object-names.ts'
import { type CertificateWatch, watchCertificates } from './certificate-watch.ts'
import { accessCluster } from './cluster-access.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { type InstalledInjector, installInjector } from './installed-injector.ts'

const cluster = accessCluster(inject('cluster'))
const NAMESPACE = 'linkerd'

let injector: InstalledInjector
let seen: CertificateWatch
beforeAll(async () => {
  injector = await installInjector(cluster, { namespace: NAMESPACE, linkerdNamespace: NAMESPACE })
  seen = watchCertificates(cluster, NAMESPACE)
  await waitUntil({ what: 'the Secret to be seen', limitMs: 10_000 }, () => seen.secretData()?.['ca.crt'])
})
afterAll(async () => {
  seen?.stop()
  await injector?.uninstall()
})

const missing = () => injector.metric('linkerd_tracing_certificate_secret_missing')

test('our CA is in the mark’s bundle, and not in that of forward', async () => {
  const { stdout } = await cluster.kubectl('get', 'mutatingwebhookconfiguration', MARK_CONFIGURATION, '-o', 'json')
  const bundleOf = (name: string) =>
    JSON.parse(stdout).webhooks.find((entry: { name: string }) => entry.name === name).clientConfig.caBundle
  expect(Buffer.from(bundleOf(ENTRIES.mark), 'base64').toString()).toBe(seen.secretData()?.['ca.crt'])
  expect(bundleOf(ENTRIES.forward)).toBeUndefined()
})

test('a deleted Secret is told of by event and metric, stays away, and is filled as before once it is applied', async () => {
  const before = seen.secretData()
  expect(await missing()).toBe(0)
  await cluster.kubectl('delete', 'secret', CERTIFICATE_SECRET, '-n', NAMESPACE)
  await waitUntil({ what: 'the metric', limitMs: 10_000 }, async () => (await missing()) === 1)
  await waitUntil({ what: 'the event', limitMs: 10_000 }, async () => {
    const { stdout } = await cluster.kubectl('get', 'events', '-n', NAMESPACE, '-o', 'json')
    return stdout.includes('SecretMissing') && stdout.includes('apply the manifests again')
  })
  // It has tried by now, and was refused.
  await waitUntil({ what: 'the refusal', limitMs: 10_000 }, () =>
    injector
      .metric('linkerd_tracing_certificate_changes_total', { change: 'create-secret', result: 'forbidden' })
      .then((count) => count > 0),
  )
  expect(seen.secretData()).toBeUndefined()
  expect(await injector.isReady()).toBe(true)
  const secret = injector.manifests.find((manifest) => (manifest as { kind: string }).kind === 'Secret')
  await cluster.kubectlWith(JSON.stringify(secret), 'apply', '-f', '-')
  await waitUntil({ what: 'the Secret to be filled', limitMs: 60_000 }, () => seen.secretData()?.['ca.crt'])
  expect(seen.secretData()).toEqual(before)
  expect(await missing()).toBe(0)
})
