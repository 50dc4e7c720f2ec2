// What `check` says of certificates, in each of their modes. The injector is ended where it would put things right.
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { injectorManifests } from '../../src/install/injector-manifests.ts'
import { CERTIFICATE_SECRET, ENTRIES, INJECTOR, MARK_CONFIGURATION } from '../../src/install/object-names.ts'
import { type LeafOptions, type Pair, testCa, testLeaf } from '../tls/test-certificates.ts'
import { check } from './check-run.ts'
import { accessCluster } from './cluster-access.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { type InstalledInjector, installInjector, LAYOUT } from './installed-injector.ts'
import { loopbackService } from './review-server.ts'
import { type StandInInjector, startStandInInjector } from './stand-in-injector.ts'

const cluster = accessCluster(inject('cluster'))
const OWN = LAYOUT.namespace
const HOUR_MS = 3_600_000
const fromNow = (hours: number) => new Date(Date.now() + hours * HOUR_MS)
const base64 = (text: string) => Buffer.from(text).toString('base64')

const [ca, stranger] = (await Promise.all([testCa('check'), testCa('stranger')])) as [Pair, Pair]
const NAMES = [INJECTOR, `${INJECTOR}.${OWN}`, `${INJECTOR}.${OWN}.svc`]
const leafOf = (options: LeafOptions = {}, by = ca) => testLeaf(by, { names: NAMES, notAfter: fromNow(2), ...options })

async function apply(...items: readonly object[]): Promise<void> {
  await cluster.kubectlWith(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }), 'apply', '-f', '-')
}

/** A Secret with just this in it. */
async function putSecret(name: string, text: Readonly<Record<string, string>>): Promise<void> {
  const data = Object.fromEntries(Object.entries(text).map(([key, value]) => [key, base64(value)]))
  await cluster.kubectl('delete', 'secret', name, '-n', OWN, '--ignore-not-found')
  await apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: OWN }, data })
}

const patch = (name: string, ...operations: object[]) =>
  cluster.kubectl('patch', 'mutatingwebhookconfiguration', name, '--type=json', '-p', JSON.stringify(operations))

async function expectOfCertificates(told: Readonly<Record<string, RegExp>>): Promise<void> {
  const { toldBy } = await check(cluster)
  expect(toldBy['linkerd-tracing-certificates']).toEqual(
    Object.fromEntries(Object.entries(told).map(([description, text]) => [description, expect.stringMatching(text)])),
  )
}

const EXISTS = 'certificate Secret exists'
const HOLDS = 'certificate Secret holds what it should'
const VALID = 'serving certificate is for the injector’s Service, and valid now'
const RENEWED = 'certificates are renewed in time'
const TRUSTED = 'API servers trust the serving certificate'
const FORWARD = 'the entry forward has Linkerd’s CA bundle'
const INJECTED = 'cert-manager writes the CA bundles, and nobody else'

describe('self-managed', () => {
  let injector: InstalledInjector
  beforeAll(async () => {
    injector = await installInjector(cluster)
    expect((await check(cluster)).toldBy['linkerd-tracing-certificates']).toEqual({})
    await injector.end()
  })
  afterAll(() => injector?.uninstall())

  const store = async (leaf: Pair, tlsKey = leaf.keyPem, by = ca) => {
    await putSecret(CERTIFICATE_SECRET, {
      'ca.crt': by.certPem,
      'ca.key': by.keyPem,
      'tls.crt': leaf.certPem,
      'tls.key': tlsKey,
    })
    await injector.patchBundles(ca.certPem)
  }
  const nothingToLookAt = (text: RegExp) => ({ [VALID]: text, [RENEWED]: text, [TRUSTED]: text })

  test('a sound Secret is well', async () => {
    await store(await leafOf())
    await expectOfCertificates({})
  })

  test('the Secret is gone', async () => {
    await cluster.kubectl('delete', 'secret', CERTIFICATE_SECRET, '-n', OWN)
    const gone =
      /^warning: could not be checked: Secret linkerd-tracing\/linkerd-tracing-injector-certs (is not there|has no certificate in tls\.crt)$/
    await expectOfCertificates({
      [EXISTS]:
        /^error: Secret linkerd-tracing\/linkerd-tracing-injector-certs is not there; the injectors make it again: do they run\?$/,
      [HOLDS]: gone,
      ...nothingToLookAt(gone),
    })
  })

  test('the Secret is empty', async () => {
    await putSecret(CERTIFICATE_SECRET, {})
    await expectOfCertificates({
      [HOLDS]: /^error: Secret \S+ has no CA in it; the injectors put it right: do they run\?$/,
      ...nothingToLookAt(/^warning: could not be checked: Secret \S+ has no certificate in tls\.crt$/),
    })
  })

  test('the key is another’s', async () => {
    await store(await leafOf(), (await leafOf()).keyPem)
    await expectOfCertificates({
      [HOLDS]: /^error: Secret \S+: tls\.crt has a key that is not its own\n/,
      [VALID]: /^error: tls\.crt of Secret \S+: the key is not the one of the certificate$/,
    })
  })

  test('a key that cannot be read is told of without a word of it', async () => {
    await store(await leafOf(), 'PRIVATE NONSENSE')
    const { told } = await check(cluster)
    expect(told[HOLDS]).toMatch(/^error: Secret \S+: tls\.crt has a key that cannot be read\n/)
    expect(JSON.stringify(told)).not.toContain('NONSENSE')
  })

  test('the certificate is of another CA than the Secret’s', async () => {
    await store(await leafOf(), undefined, stranger)
    await expectOfCertificates({ [HOLDS]: /^error: Secret \S+: tls\.crt is not signed by ca\.crt\n/ })
  })

  test('the certificate has expired', async () => {
    await store(await leafOf({ notBefore: fromNow(-1), notAfter: fromNow(-0.5) }))
    await expectOfCertificates({
      [VALID]: /^error: tls\.crt of Secret \S+: it expired at 20\S+Z$/,
      [RENEWED]: /^error: the serving certificate expired at 20\S+Z\nthe injectors renew it: do they run\?/,
      [TRUSTED]:
        /^error: caBundle of mark\S+ does not trust the serving certificate\n.*control-plane\S+ .*\n.*workloads/,
    })
  })

  test('the certificate is for another Service', async () => {
    await store(await leafOf({ names: ['elsewhere.svc'] }))
    await expectOfCertificates({
      [HOLDS]: /tls\.crt is not for linkerd-tracing-injector, linkerd-tracing-injector\.linkerd-tracing, /,
      [VALID]: /^error: tls\.crt of Secret \S+: it is not for linkerd-tracing-injector\.linkerd-tracing\.svc$/,
    })
  })

  test('nobody has renewed the certificate', async () => {
    await store(await leafOf({ notBefore: fromNow(-7.5), notAfter: fromNow(2.6) }))
    await expectOfCertificates({
      [RENEWED]:
        /^warning: the serving certificate ends in 2 hours \(20\S+Z\), and should have been renewed before\nthe injectors renew it/,
    })
  })

  test('a bundle is empty', async () => {
    await store(await leafOf())
    await patch(MARK_CONFIGURATION, { op: 'remove', path: '/webhooks/0/clientConfig/caBundle' })
    await expectOfCertificates({
      [TRUSTED]:
        /^error: mark\.tracing\.linkerd\.io has no caBundle: API servers call it in vain\nthe injectors write it/,
    })
  })

  test('a bundle is another’s', async () => {
    await store(await leafOf())
    await patch(MARK_CONFIGURATION, {
      op: 'replace',
      path: '/webhooks/0/clientConfig/caBundle',
      value: base64(stranger.certPem),
    })
    await expectOfCertificates({
      [TRUSTED]: /^error: caBundle of mark\S+ does not trust the serving certificate\nthe injectors write it/,
    })
  })

  test('cert-manager writes over the bundles', async () => {
    await store(await leafOf())
    const annotation = 'cert-manager.io/inject-ca-from'
    const labels = { app: 'told' }
    const spec = {
      containers: [{ name: 'injector', image: 'app.invalid/app', args: ['serve', '--certs', 'self-managed'] }],
    }
    await apply({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: INJECTOR, namespace: OWN },
      spec: { replicas: 0, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    })
    await cluster.kubectl('annotate', 'mutatingwebhookconfiguration', MARK_CONFIGURATION, `${annotation}=a/b`)
    try {
      await expectOfCertificates({
        [INJECTED]:
          /^error: linkerd-collector\S+ has the annotation \S+: cert-manager writes over the bundles of mode self-managed$/,
      })
    } finally {
      await cluster.kubectl('annotate', 'mutatingwebhookconfiguration', MARK_CONFIGURATION, `${annotation}-`)
      await cluster.kubectl('delete', 'deployment', INJECTOR, '-n', OWN)
    }
  })
})

describe('in the seed layout', () => {
  let injector: InstalledInjector
  let linkerd: StandInInjector | undefined
  beforeAll(async () => {
    linkerd = await startStandInInjector(cluster)
    injector = await installInjector(cluster, { namespace: 'linkerd', linkerdInjectorPort: linkerd.port })
  })
  afterAll(async () => {
    await injector?.uninstall()
    await linkerd?.stop()
  })

  test('all is well, and the collector gets its proxy by the entry forward', async () => {
    let told: unknown
    const wait = { what: 'all to be well', limitMs: 30_000, context: () => JSON.stringify(told) }
    await waitUntil(wait, async () => {
      const said = await check(cluster)
      told = said.told
      return said.fine.includes(FORWARD) && Object.keys(said.told).join() === 'Pods of opted-in Namespaces are traced'
    })
  })

  test('a deleted Secret: the injectors may not make it, so nobody waits', async () => {
    await cluster.kubectl('delete', 'secret', CERTIFICATE_SECRET, '-n', 'linkerd')
    const start = performance.now()
    const { code, told } = await check(cluster, '--wait=10m')
    expect(performance.now() - start).toBeLessThan(60_000)
    expect(code).toBe(1)
    expect(told[EXISTS]).toBe(
      'error: Secret linkerd/linkerd-tracing-injector-certs is not there, and in Linkerd’s own namespace the injectors may not make it; they serve what they have in memory, and renew nothing\napply the manifests again: linkerd-tracing install … | kubectl apply -f -',
    )
    await apply(...injector.manifests)
    const wait = { what: 'the Secret to be filled again', limitMs: 60_000 }
    await waitUntil(wait, async () => (await check(cluster)).fine.includes(HOLDS))
  })

  test('the bundle of forward is not Linkerd’s, or there is none to copy', async () => {
    await injector.end()
    const { stdout } = await cluster.kubectl('get', 'mutatingwebhookconfiguration', MARK_CONFIGURATION, '-o', 'json')
    const index = JSON.parse(stdout).webhooks.findIndex(({ name }: { name: string }) => name === ENTRIES.forward)
    await patch(MARK_CONFIGURATION, {
      op: 'add',
      path: `/webhooks/${index}/clientConfig/caBundle`,
      value: base64(stranger.certPem),
    })
    await expectOfCertificates({
      [FORWARD]:
        /^error: caBundle of forward\.tracing\.linkerd\.io is not Linkerd’s: .*\nthe injectors copy it from linkerd-proxy-injector/,
    })
    await linkerd?.stop()
    linkerd = undefined
    await expectOfCertificates({
      [FORWARD]: /^warning: linkerd-proxy-injector-webhook-config is not there, so there is no bundle to copy: /,
    })
  })
})

describe('with cert-manager', () => {
  const layout = { ...LAYOUT, certs: 'cert-manager' as const }
  // cert-manager itself is not here, nor are its kinds.
  const manifests = injectorManifests(layout).filter(
    ({ apiVersion }) => !String(apiVersion).startsWith('cert-manager.io/'),
  )
  const objects = [...manifests, loopbackService({ namespace: OWN, name: INJECTOR })]
  const SECRET = 'linkerd-tracing-injector-tls'
  beforeAll(async () => {
    await cluster.kubectl('create', 'namespace', OWN).catch(() => {})
    await apply(...objects)
  })
  afterAll(async () => {
    await cluster.kubectlWith(
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
      'delete',
      '--ignore-not-found',
      '-f',
      '-',
    )
    await cluster.kubectl('delete', 'secret', SECRET, '-n', OWN, '--ignore-not-found')
  })
  const fill = async (pem: string) => {
    for (const { metadata, kind, webhooks } of manifests as {
      kind: string
      metadata: { name: string }
      webhooks?: object[]
    }[]) {
      if (kind !== 'MutatingWebhookConfiguration') continue
      const value = base64(pem)
      await patch(
        metadata.name,
        ...(webhooks ?? []).map((_, index) => ({ op: 'add', path: `/webhooks/${index}/clientConfig/caBundle`, value })),
      )
    }
  }

  test('its Secret is not there yet', async () => {
    const { told } = await check(cluster)
    expect(told[EXISTS]).toMatch(
      /^error: Secret linkerd-tracing\/linkerd-tracing-injector-tls is not there; cert-manager makes it/,
    )
  })

  test('it has not filled the bundles in', async () => {
    const { certPem, keyPem } = await leafOf()
    await putSecret(SECRET, { 'tls.crt': certPem, 'tls.key': keyPem, 'ca.crt': ca.certPem })
    await expectOfCertificates({
      [TRUSTED]: /has no caBundle.*\n.*\n.*\ncert-manager’s CA injector writes it: does it run\?$/,
    })
  })

  test('all is well once it has', async () => {
    await fill(ca.certPem)
    await expectOfCertificates({})
  })

  test('an annotation is another, and one is gone', async () => {
    const annotation = 'cert-manager.io/inject-ca-from'
    await cluster.kubectl(
      'annotate',
      '--overwrite',
      'mutatingwebhookconfiguration',
      MARK_CONFIGURATION,
      `${annotation}=other/one`,
    )
    await expectOfCertificates({
      [INJECTED]:
        /^error: linkerd-collector\S+: annotation \S+ is other\/one, and should be linkerd-tracing\/linkerd-tracing-injector-tls$/,
    })
    await cluster.kubectl('annotate', 'mutatingwebhookconfiguration', MARK_CONFIGURATION, `${annotation}-`)
    await expectOfCertificates({ [INJECTED]: /^error: linkerd-collector\S+: annotation \S+ is absent, and should be/ })
  })
})

describe('from files', () => {
  let injector: InstalledInjector
  beforeAll(async () => {
    injector = await installInjector(cluster, { certs: 'files', serve: false })
  })
  afterAll(() => injector?.uninstall())

  test('nobody here knows where they are: could not be checked', async () => {
    const unknown = /^warning: could not be checked: the injector’s certificates are files, .*certs verify --cert-dir/
    await expectOfCertificates({
      [EXISTS]: unknown,
      [HOLDS]: unknown,
      [VALID]: unknown,
      [RENEWED]: unknown,
      [TRUSTED]: unknown,
    })
  })

  test('a Secret that the Deployment mounts is looked at', async () => {
    const labels = { app: 'mounts' }
    const volumes = [{ name: 'certs', secret: { secretName: 'brought' } }]
    const spec = {
      containers: [{ name: 'injector', image: 'app.invalid/app', args: ['serve', '--certs=files'] }],
      volumes,
    }
    const metadata = { name: INJECTOR, namespace: OWN }
    const template = { metadata: { labels }, spec }
    await apply({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: { replicas: 0, selector: { matchLabels: labels }, template },
    })
    try {
      expect((await check(cluster)).told[EXISTS]).toMatch(
        /^error: Secret linkerd-tracing\/brought is not there; whoever brings/,
      )
      await putSecret('brought', { 'tls.crt': (await leafOf()).certPem, 'tls.key': 'x' })
      await expectOfCertificates({
        [HOLDS]: /^error: Secret linkerd-tracing\/brought: tls\.key is not unencrypted PEM/,
        [TRUSTED]: /does not trust.*\nwhoever brings the certificates writes it: certs-scripts\/set-ca-bundle does$/s,
      })
    } finally {
      await cluster.kubectl('delete', 'deployment', INJECTOR, '-n', OWN)
      await cluster.kubectl('delete', 'secret', 'brought', '-n', OWN, '--ignore-not-found')
    }
  })
})
