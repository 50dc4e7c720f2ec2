// The caBundle by a raw patch of that field, for the entries that exist, in the live order, nothing else.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createApiClient } from '../../src/kubernetes/api-client.ts'
import { startOwnBundles } from '../../src/kubernetes/own-bundles.ts'
import { answer, ScriptedApi } from './scripted-api.ts'
import { FAST, recordingLog, until } from './watching.ts'

const PATH = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations'
const FIRST = 'linkerd-collector-injector-webhook-config'
const SECOND = 'linkerd-tracing-injector-webhook-config'

let api: ScriptedApi
let stopped: AbortController
let seen: Map<string, readonly string[] | undefined>

beforeEach(async () => {
  api = new ScriptedApi()
  await api.start()
  stopped = new AbortController()
  seen = new Map()
})
afterEach(async () => {
  stopped.abort(new Error('stopped'))
  await api.stop()
})

async function start() {
  const bundles = startOwnBundles({
    client: createApiClient(api.config()),
    timing: FAST,
    signal: stopped.signal,
    log: recordingLog(),
    configurations: [FIRST, SECOND],
    entries: ['mark', 'control-plane', 'workloads'],
    onSeen: (name, live) => void seen.set(name, live?.bundles),
  })
  await until(() => api.watchCount(PATH) === 2)
  return bundles
}
const base64 = (text: string) => Buffer.from(text).toString('base64')
const entry = (name: string, bundle?: string) => ({
  name,
  clientConfig: { service: { name }, ...(bundle === undefined ? {} : { caBundle: base64(bundle) }) },
  failurePolicy: 'Ignore',
})
const put = (name: string, ...webhooks: object[]) => api.put(PATH, { metadata: { name }, webhooks })
const patches = () => api.requests.filter(({ method }) => method === 'PATCH').map(({ body }) => JSON.parse(body))

test('shows the bundles of own entries in their order, without forward; and configurations that are not there', async () => {
  put(FIRST, entry('mark', 'M'), entry('forward', 'F'))
  await start()
  expect(seen).toEqual(
    new Map([
      [FIRST, ['M']],
      [SECOND, undefined],
    ]),
  )
  put(SECOND, entry('somebody', 'S'), entry('workloads'), entry('control-plane', 'C'))
  await until(() => seen.get(SECOND) !== undefined)
  expect(seen.get(SECOND)).toEqual(['', 'C'])
})

test('sets those that differ by place and name, and nothing else of the configuration', async () => {
  put(SECOND, entry('somebody', 'S'), entry('workloads'), entry('control-plane', 'new'), entry('mark', 'old'))
  const bundles = await start()
  expect(await bundles.write(SECOND, 'new')).toBe('written')
  expect(patches()).toEqual([
    [
      { op: 'test', path: '/webhooks/1/name', value: 'workloads' },
      { op: 'add', path: '/webhooks/1/clientConfig/caBundle', value: base64('new') },
      { op: 'test', path: '/webhooks/3/name', value: 'mark' },
      { op: 'add', path: '/webhooks/3/clientConfig/caBundle', value: base64('new') },
    ],
  ])
  expect(api.get(PATH, SECOND)?.['webhooks']).toEqual([
    entry('somebody', 'S'),
    entry('workloads', 'new'),
    entry('control-plane', 'new'),
    entry('mark', 'new'),
  ])
  expect(seen.get(SECOND)).toEqual(['new', 'new', 'new'])
})

test('another order has the whole patch refused', async () => {
  put(SECOND, entry('control-plane'), entry('workloads'))
  const bundles = await start()
  api.change(PATH, (objects) => {
    const metadata = { name: SECOND }
    objects.set(SECOND, { metadata, webhooks: [entry('workloads'), entry('control-plane')] })
  })
  expect(await bundles.write(SECOND, 'new')).toBe('conflict')
  expect(api.get(PATH, SECOND)?.['webhooks']).toEqual([entry('workloads'), entry('control-plane')])
})

test('forward is never written, and where there is nothing to write nothing is sent', async () => {
  put(FIRST, entry('mark', 'new'), entry('forward'))
  const bundles = await start()
  expect(await bundles.write(FIRST, 'new')).toBe('written')
  expect(await bundles.write(SECOND, 'new')).toBe('written')
  expect(patches()).toEqual([])
})

describe('what the watch shows while the answer is on its way', () => {
  /** The API server writes, somebody else writes, the watch shows that, and the answer to the first comes last. */
  async function answerLate(version: string): Promise<void> {
    put(SECOND, entry('workloads', 'old'))
    const bundles = await start()
    api.intercepts.push(({ method }, response) => {
      if (method !== 'PATCH') return false
      put(SECOND, entry('workloads', 'theirs'))
      const written = { metadata: { name: SECOND, resourceVersion: version }, webhooks: [entry('workloads', 'new')] }
      void until(() => seen.get(SECOND)?.[0] === 'theirs').then(() => answer(response, written))
      return true
    })
    expect(await bundles.write(SECOND, 'new')).toBe('written')
  }

  test('counts when it is newer', async () => {
    await answerLate('1')
    expect(seen.get(SECOND)).toEqual(['theirs'])
  })

  test('does not when it is older', async () => {
    await answerLate('999999')
    expect(seen.get(SECOND)).toEqual(['new'])
  })
})
