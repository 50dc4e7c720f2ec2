import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import { ENTRIES, LINKERD_CONFIGURATION, MARK_CONFIGURATION } from '../../src/install/object-names.ts'
import { ADDRESS, envOf } from '../injection/samples.ts'
import { accessCluster } from './cluster-access.ts'
import { makeAuthority } from './control-plane/certificates.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { type InstalledInjector, installInjector } from './installed-injector.ts'
import { dryRunPod, type LivePod, plainPod, proxyPlace } from './pods.ts'
import { type StandInInjector, startStandInInjector } from './stand-in-injector.ts'

const cluster = accessCluster(inject('cluster'))

let standIn: StandInInjector
let injector: InstalledInjector | undefined

beforeAll(async () => {
  standIn = await startStandInInjector(cluster)
})
afterEach(async () => {
  await injector?.uninstall()
  injector = undefined
})
afterAll(() => standIn?.stop())

const componentPod = (component: string, namespace: string) =>
  plainPod({ namespace, name: component, labels: { 'tracing.linkerd.io/component': component } })

async function becomesMeshed(component: string, namespace: string): Promise<LivePod> {
  const pod = componentPod(component, namespace)
  return waitUntil({ what: `${component} in ${namespace} to be meshed`, limitMs: 20_000 }, async () => {
    const admitted = await dryRunPod(cluster, pod)
    return proxyPlace(admitted) !== undefined && admitted
  })
}

function expectUntraced(pod: LivePod): void {
  expect(pod.metadata.annotations['linkerd.io/inject']).toBe('enabled')
  expect(envOf(pod)[ADDRESS]).toBeUndefined()
}

async function bundlesOf(configuration: string): Promise<Record<string, string | undefined>> {
  const { stdout } = await cluster.kubectl('get', 'mutatingwebhookconfiguration', configuration, '-o', 'json')
  const entries = JSON.parse(stdout).webhooks as LivePod[]
  return Object.fromEntries(entries.map(({ name, clientConfig }) => [name, clientConfig.caBundle]))
}

describe('collector and Jaeger', () => {
  test('in their own namespace are marked before Linkerd’s injector, meshed by it, and never traced', async () => {
    injector = await installInjector(cluster)
    await cluster.kubectl('label', 'namespace', 'linkerd-tracing', 'tracing.linkerd.io/inject=enabled', '--overwrite')
    for (const component of ['collector', 'jaeger']) expectUntraced(await becomesMeshed(component, 'linkerd-tracing'))
  })

  test('the mark reaches no other tenant’s Pod', async () => {
    injector = await installInjector(cluster)
    await becomesMeshed('collector', 'linkerd-tracing')
    await cluster.createNamespace({ name: 'tenant' })
    const before = await injector.metric('linkerd_tracing_decisions_total')
    const pod = await dryRunPod(cluster, componentPod('collector', 'tenant'))
    expect({ meshed: proxyPlace(pod), annotations: pod.metadata.annotations }).toEqual({})
    expect(await injector.metric('linkerd_tracing_decisions_total')).toBe(before)
  })

  test('in the seed layout are handed to Linkerd’s injector, though the namespace says linkerd.io/inject: disabled', async () => {
    injector = await installInjector(cluster, { namespace: 'linkerd', linkerdInjectorPort: standIn.port })
    const { stdout } = await cluster.kubectl('get', 'namespace', 'linkerd', '-o', 'json')
    expect(JSON.parse(stdout).metadata.annotations['linkerd.io/inject']).toBe('disabled')
    for (const component of ['collector', 'jaeger']) expectUntraced(await becomesMeshed(component, 'linkerd'))
  })

  test('the forward entry’s bundle follows Linkerd’s, in the live order, and no other entry’s changes', async () => {
    injector = await installInjector(cluster, { namespace: 'linkerd', linkerdInjectorPort: standIn.port })
    await becomesMeshed('collector', 'linkerd')
    const own = (await bundlesOf(MARK_CONFIGURATION))[ENTRIES.mark]
    const reorder = [{ op: 'move', from: '/webhooks/0', path: '/webhooks/1' }]
    await cluster.kubectl(
      'patch',
      'mutatingwebhookconfiguration',
      MARK_CONFIGURATION,
      '--type=json',
      '-p',
      JSON.stringify(reorder),
    )
    const { cert } = await makeAuthority('another CA of Linkerd')
    const bundle = Buffer.from(cert).toString('base64')
    const old = (await bundlesOf(LINKERD_CONFIGURATION))['linkerd-proxy-injector.linkerd.io']
    const rotate = (value: string | undefined) =>
      cluster.kubectl(
        'patch',
        'mutatingwebhookconfiguration',
        LINKERD_CONFIGURATION,
        '--type=json',
        '-p',
        JSON.stringify([{ op: 'replace', path: '/webhooks/0/clientConfig/caBundle', value }]),
      )
    await rotate(bundle)
    try {
      await waitUntil(
        { what: 'the forward entry to follow', limitMs: 15_000 },
        async () => (await bundlesOf(MARK_CONFIGURATION))[ENTRIES.forward] === bundle,
      )
      expect(await bundlesOf(MARK_CONFIGURATION)).toEqual({ [ENTRIES.forward]: bundle, [ENTRIES.mark]: own })
    } finally {
      await rotate(old)
    }
  })
})
