// Whoever starts first: injectors that meet an empty Secret at the same moment all end up with one CA. Two keepers in one
// process, as `serve` puts them together and with the shipped rights, start within a millisecond of each other; whole
// processes do the same in certificates.cluster-test.ts, fewer times.
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { CertificateSource } from '../../src/cli/certificate-source.ts'
import { keepOwnCertificate } from '../../src/cli/self-managed-certificate.ts'
import { resolveSettings } from '../../src/config/resolve-settings.ts'
import {
  CERTIFICATE_SECRET,
  INJECTOR,
  MARK_CONFIGURATION,
  TRACE_CONFIGURATION,
} from '../../src/install/object-names.ts'
import { createApiClient } from '../../src/kubernetes/api-client.ts'
import { CLUSTER_TIMING } from '../../src/kubernetes/cluster-timing.ts'
import { createLogger } from '../../src/runtime/logger.ts'
import { createMetrics } from '../../src/runtime/metrics.ts'
import { accessCluster } from './cluster-access.ts'
import { type InstalledInjector, installInjector, LAYOUT } from './installed-injector.ts'
import { sumSeries } from './prometheus-text.ts'

const cluster = accessCluster(inject('cluster'))
const TURNS = 100
const CONFIGURATIONS = {
  root: '/apis/admissionregistration.k8s.io/v1',
  plural: 'mutatingwebhookconfigurations',
} as const
const SECRETS = { root: '/api/v1', plural: 'secrets', namespace: LAYOUT.namespace } as const

let injector: InstalledInjector
let kubeconfig: string
const admin = createApiClient(cluster.clientConfig())
beforeAll(async () => {
  injector = await installInjector(cluster, { serve: false })
  kubeconfig = await cluster.serviceAccountKubeconfig(LAYOUT.namespace, INJECTOR)
})
afterAll(async () => {
  admin.close()
  await injector?.uninstall()
})

const { signal } = new AbortController()
const patch = (resource: { root: string; plural: string; namespace?: string; name: string }, operations: object[]) =>
  admin.fetchJson({
    resource: { ...resource, verb: 'patch' },
    patch: operations,
    idleMs: CLUSTER_TIMING.requestIdleMs,
    signal,
  })
/** As after a first apply of the manifests. */
async function empty(): Promise<void> {
  await patch({ ...SECRETS, name: CERTIFICATE_SECRET }, [{ op: 'add', path: '/data', value: {} }])
  for (const [name, count] of [
    [MARK_CONFIGURATION, 1],
    [TRACE_CONFIGURATION, 2],
  ] as const) {
    const noBundle = (index: number) => ({ op: 'add', path: `/webhooks/${index}/clientConfig/caBundle`, value: '' })
    await patch(
      { ...CONFIGURATIONS, name },
      Array.from({ length: count }, (_unused, index) => noBundle(index)),
    )
  }
}

interface Keeper {
  readonly source: CertificateSource
  readonly changes: (result: string) => Promise<number>
}

async function startKeeper(): Promise<Keeper> {
  const { values } = resolveSettings({ command: 'serve', flags: { kubeconfig, certs: 'self-managed' }, env: {} })
  const metrics = createMetrics()
  const log = createLogger('error', { write: () => {} })
  const source = await keepOwnCertificate({ values, env: {}, log, metrics })
  return {
    source,
    changes: async (result) =>
      sumSeries((await metrics.render()).text, 'linkerd_tracing_certificate_changes_total', {
        change: 'create',
        result,
      }),
  }
}

test(`two injectors that start at once on an empty Secret serve one certificate of one CA, ${TURNS} times out of ${TURNS}`, async () => {
  let contended = 0
  for (let turn = 0; turn < TURNS; turn += 1) {
    await empty()
    const keepers = await Promise.all([startKeeper(), startKeeper()])
    const served = await Promise.all(keepers.map(({ source }) => source.first))
    await Promise.all(keepers.map(({ source }) => source.trusted))
    expect(served[0]).toEqual(served[1])
    const created = await Promise.all(keepers.map(({ changes }) => changes('written')))
    expect(created.toSorted()).toEqual([0, 1])
    const lost = await Promise.all(keepers.map(({ changes }) => changes('conflict')))
    contended += lost.reduce((sum, count) => sum + count)
    for (const { source } of keepers) source.stop()
  }
  // Had the second always come too late to try, this would say nothing of what settles it.
  expect(contended).toBeGreaterThan(TURNS / 2)
})
