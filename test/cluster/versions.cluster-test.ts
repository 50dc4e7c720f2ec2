import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MARK_CONFIGURATION, TRACE_CONFIGURATION } from '../../src/install/object-names.ts'
import { ADDRESS, envOf } from '../injection/samples.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { type InstalledInjector, installInjector } from './installed-injector.ts'
import { dryRunPod, type LivePod, plainPod } from './pods.ts'
import { type StandInInjector, startStandInInjector } from './stand-in-injector.ts'
import { type Cluster, startCluster } from './start-cluster.ts'

const ENABLED = { 'tracing.linkerd.io/inject': 'enabled' }
const MESHED = { 'linkerd.io/inject': 'enabled' }
const CONFIGURATIONS = [MARK_CONFIGURATION, TRACE_CONFIGURATION]

// 1.37 is what the binary is; the others it behaves like
describe.each(['1.34', '1.35', '1.36', '1.37'])('Kubernetes %s', (version) => {
  let cluster: Cluster
  let standIn: StandInInjector
  let injector: InstalledInjector

  beforeAll(async () => {
    cluster = await startCluster({ controllerManager: false, ...(version !== '1.37' && { emulatedVersion: version }) })
    standIn = await startStandInInjector(cluster)
    injector = await installInjector(cluster)
    await cluster.createNamespace({ name: 'shop', labels: ENABLED, annotations: MESHED })
    await waitUntil({ what: 'the webhook to be called', limitMs: 20_000 }, async () =>
      isTraced(await dryRunPod(cluster, web)),
    )
  })
  afterAll(async () => {
    await injector?.uninstall()
    await standIn?.stop()
    await cluster?.stop()
  })

  const web = plainPod({ namespace: 'shop', name: 'web', labels: { 'app.kubernetes.io/name': 'web' } })
  const isTraced = (pod: LivePod) => envOf(pod)[ADDRESS] !== undefined
  const manifestsAsApplied = () => JSON.stringify({ apiVersion: 'v1', kind: 'List', items: injector.manifests })
  const configurations = async () => {
    const { stdout } = await cluster.kubectl('get', 'mutatingwebhookconfigurations', ...CONFIGURATIONS, '-o', 'json')
    return JSON.parse(stdout).items.map(({ webhooks, metadata: { generation } }: LivePod) => ({ webhooks, generation }))
  }
  const diff = (stdin: string, ...flags: string[]) =>
    cluster.kubectlWith(stdin, 'diff', ...flags, '-f', '-').then(
      ({ stdout }) => stdout,
      // 1 says that there is a difference; anything else is an error, and no empty difference
      (error) => {
        if (error.exitCode !== 1) throw error
        return error.stdout as string
      },
    )

  describe('configurations do not drift, and keep their bundle', () => {
    test.each([
      ['applied again', ['apply']],
      ['applied by the server', ['apply', '--server-side', '--force-conflicts', '--field-manager=gitops']],
    ])('%s', async (_, command) => {
      const before = await configurations()
      expect(
        before.flatMap(({ webhooks }: LivePod) => webhooks).every(({ clientConfig }: LivePod) => clientConfig.caBundle),
      ).toBe(true)
      await cluster.kubectlWith(manifestsAsApplied(), ...command, '-f', '-')
      expect(await configurations()).toEqual(before)
    })
    test('no difference is shown', async () => {
      expect(await diff(manifestsAsApplied())).toBe('')
      expect(await diff(manifestsAsApplied(), '--server-side', '--field-manager=gitops')).toBe('')
    })
    test('the API server adds nothing to what was written but the bundle', async () => {
      for (const manifest of injector.manifests as LivePod[]) {
        if (manifest.kind !== 'MutatingWebhookConfiguration') continue
        const { stdout } = await cluster.kubectl('get', manifest.kind, manifest.metadata.name, '-o', 'json')
        const live = JSON.parse(stdout).webhooks
        for (const entry of live) delete entry.clientConfig.caBundle
        expect(live).toEqual(manifest.webhooks)
      }
    })
  })

  describe('a dry run is a review', () => {
    const SUMMARY =
      'Warning: linkerd-tracing: dry run: traced: spans go to "linkerd-collector.linkerd-tracing.svc.cluster.local:4317" by opentelemetry as service "web"'
    test.each([
      ['apply', ['apply', '--dry-run=server', '-o', 'yaml']],
      ['create', ['create', '--dry-run=server', '-o', 'yaml']],
    ])('kubectl %s shows the injection and prints the warning', async (_, command) => {
      const { stdout, stderr } = await cluster.kubectlWith(JSON.stringify(web), ...command, '-f', '-')
      expect(stdout).toContain(ADDRESS)
      expect(stderr).toContain(SUMMARY)
    })
    test('kubectl create with generateName, as for a Pod from a template', async () => {
      const { metadata, ...rest } = web as LivePod
      const pod = { ...rest, metadata: { ...metadata, name: undefined, generateName: 'web-' } }
      expect(isTraced(await dryRunPod(cluster, pod))).toBe(true)
    })
    test('kubectl diff shows what would be added', async () => {
      expect(await diff(JSON.stringify(web))).toMatch(new RegExp(`^\\+.*${ADDRESS}`, 'm'))
    })
    test('nothing was written', async () => {
      const { stdout } = await cluster.kubectl('get', 'pods', '-n', 'shop', '-o', 'name')
      expect(stdout).toBe('')
      expect(await injector.metric('linkerd_tracing_decisions_total', { dry_run: 'false' })).toBe(0)
    })
  })
})
