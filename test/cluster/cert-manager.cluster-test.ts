import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { injectorManifests, toYaml } from '../../src/install/injector-manifests.ts'
import { root } from '../source-files.ts'
import { accessCluster } from './cluster-access.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { LAYOUT } from './installed-injector.ts'

const cluster = accessCluster(inject('cluster'))
const CRDS = join(root, 'test/fixtures/cert-manager/crds.yaml')
const manifests = injectorManifests({ ...LAYOUT, certs: 'cert-manager' })
const text = toYaml(manifests)

beforeAll(async () => {
  await cluster.kubectl('apply', '-f', CRDS)
  await waitUntil({ what: 'cert-manager’s kinds', limitMs: 30_000 }, () =>
    cluster.kubectl('get', 'certificates.cert-manager.io,issuers.cert-manager.io', '-A'),
  )
  for (const name of [LAYOUT.namespace, LAYOUT.linkerdNamespace]) {
    await cluster.kubectl('create', 'namespace', name).catch(() => {})
  }
})
afterAll(async () => {
  await cluster.kubectlWith(text, 'delete', '--ignore-not-found', '-f', '-').catch(() => {})
  await cluster.kubectl('delete', '--ignore-not-found', '-f', CRDS)
})

test('its own schemas take the manifests as they are, strictly, and a second apply finds nothing to change', async () => {
  await cluster.kubectlWith(text, 'apply', '--validate=strict', '-f', '-')
  // Ends with another code than 0 when there is a difference.
  await cluster.kubectlWith(text, 'diff', '-f', '-')
  const asGitOps = ['--server-side', '--force-conflicts', '--field-manager=gitops', '-f', '-']
  await cluster.kubectlWith(text, 'apply', ...asGitOps)
  await cluster.kubectlWith(text, 'diff', ...asGitOps)
})

test('a bundle that cert-manager injects survives another apply', async () => {
  await cluster.kubectlWith(text, 'apply', '-f', '-')
  const name = 'linkerd-tracing-injector-webhook-config'
  const value = Buffer.from('-----BEGIN CERTIFICATE-----').toString('base64')
  const patch = [{ op: 'add', path: '/webhooks/0/clientConfig/caBundle', value }]
  await cluster.kubectl('patch', 'mutatingwebhookconfiguration', name, '--type=json', '-p', JSON.stringify(patch))
  await cluster.kubectlWith(text, 'apply', '-f', '-')
  const { stdout } = await cluster.kubectl('get', 'mutatingwebhookconfiguration', name, '-o', 'json')
  expect(JSON.parse(stdout).webhooks[0].clientConfig.caBundle).toBe(value)
})

test('the injector may neither write a bundle nor read a Secret', async () => {
  await cluster.kubectlWith(text, 'apply', '-f', '-')
  const user = `system:serviceaccount:${LAYOUT.namespace}:linkerd-tracing-injector`
  const may = (verb: string, what: string) => cluster.isAllowed(verb, what, '-n', LAYOUT.namespace, '--as', user)
  const configurations = manifests.flatMap(({ kind, metadata }) =>
    kind === 'MutatingWebhookConfiguration' ? [(metadata as { name: string }).name] : [],
  )
  expect(configurations).toHaveLength(2)
  for (const name of configurations) {
    for (const verb of ['patch', 'update', 'get']) {
      expect(await may(verb, `mutatingwebhookconfigurations/${name}`)).toBe(false)
    }
  }
  for (const name of [
    'linkerd-tracing-injector-tls',
    'linkerd-tracing-injector-ca',
    'linkerd-tracing-injector-certs',
  ]) {
    for (const verb of ['get', 'patch']) expect(await may(verb, `secrets/${name}`)).toBe(false)
  }
  expect(await may('list', 'namespaces')).toBe(true)
})
