// 100,000 Namespaces: in 10 seconds, in 60 MB. The server's pages are written beforehand, so that its work is not ours.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { KubeConfig } from '@kubernetes/client-node'
import { expect, test } from 'vitest'
import { createApiClient } from '../../src/kubernetes/api-client.ts'
import { listPages } from '../../src/kubernetes/list-pages.ts'
import { createNamespaceStore } from '../../src/kubernetes/namespace-store.ts'

const PAGES = 200

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function heap(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

/** As the API server sends metadata: with what kubectl and a GitOps tool leave behind, some 1.3 KB. */
function namespace(index: number): object {
  const name = `team-${index}-production`
  const applied = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { team: `${index}` } },
  })
  const fields = { 'f:metadata': { 'f:annotations': { '.': {}, 'f:a': {} }, 'f:labels': { '.': {}, 'f:team': {} } } }
  const entry = { apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: fields, operation: 'Update', time: '2026-11-22' }
  return {
    metadata: {
      name,
      uid: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      resourceVersion: String(index + 1),
      creationTimestamp: '2026-11-22T00:00:00Z',
      labels: {
        'kubernetes.io/metadata.name': name,
        team: String(index),
        ...(index % 3 === 0 && { 'tracing.linkerd.io/inject': 'enabled' }),
      },
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': applied,
        ...(index % 10 === 0 && { 'resource.opentelemetry.io/team': String(index) }),
      },
      managedFields: [entry, { ...entry, manager: 'kubectl' }],
    },
  }
}

test('100,000 Namespaces are listed within 10 s and kept within 60 MB', async () => {
  const page = (number: number) => {
    const items = Array.from({ length: 500 }, (_, index) => namespace(number * 500 + index))
    const next = number + 1 < PAGES ? { continue: String(number + 1) } : {}
    return Buffer.from(JSON.stringify({ metadata: { resourceVersion: '1', ...next }, items }))
  }
  const pages = Array.from({ length: PAGES }, (_, number) => page(number))
  const server = createServer((request, response) => {
    const number = new URL(request.url ?? '', 'http://x').searchParams.get('continue') ?? '0'
    response.end(pages[Number(number)])
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const config = new KubeConfig()
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  config.loadFromClusterAndUser({ name: 'c', server: address, skipTLSVerify: true }, { name: 'u' })
  const client = createApiClient(config)
  const store = createNamespaceStore()
  const before = heap()
  const startedAt = performance.now()
  const replacement = store.beginReplacement()
  const resource = { verb: 'list', root: '/api/v1', plural: 'namespaces' } as const
  await listPages(client, { resource, idleMs: 10_000, signal: new AbortController().signal }, replacement.add)
  replacement.commit()
  const seconds = (performance.now() - startedAt) / 1000
  const megabytes = (heap() - before) / 1e6
  client.close()
  server.close()
  console.info(`100,000 Namespaces: ${seconds.toFixed(1)} s, ${megabytes.toFixed(1)} MB`)
  expect(store.size()).toBe(100_000)
  expect(store.get('team-99999-production')?.labels).toEqual({ 'tracing.linkerd.io/inject': 'enabled' })
  expect(seconds).toBeLessThan(10)
  expect(megabytes).toBeLessThan(60)
})
