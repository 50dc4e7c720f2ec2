// The one Secret is watched and written by name, at its version, and never quoted.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createApiClient } from '../../src/kubernetes/api-client.ts'
import { type SecretContents, startCertificateSecret } from '../../src/kubernetes/certificate-secret.ts'
import { answer, refuse, ScriptedApi } from './scripted-api.ts'
import { FAST, recordingLog, until } from './watching.ts'

const PATH = '/api/v1/namespaces/linkerd-tracing/secrets'
const NAME = 'linkerd-tracing-injector-certs'
const KEY = 'a-key-that-nobody-may-read'

let api: ScriptedApi
let stopped: AbortController
let log: ReturnType<typeof recordingLog>
let seen: (SecretContents | undefined)[]

beforeEach(async () => {
  api = new ScriptedApi()
  await api.start()
  stopped = new AbortController()
  log = recordingLog()
  seen = []
})
afterEach(async () => {
  stopped.abort(new Error('stopped'))
  await api.stop()
})

function start() {
  return startCertificateSecret({
    client: createApiClient(api.config()),
    timing: FAST,
    signal: stopped.signal,
    log,
    namespace: 'linkerd-tracing',
    name: NAME,
    labels: { of: 'ours' },
    onSeen: (secret) => void seen.push(secret),
  })
}
const base64 = (text: string) => Buffer.from(text).toString('base64')
const put = (data?: Record<string, string>) => api.put(PATH, { metadata: { name: NAME }, ...(data && { data }) })
const patches = () => api.requests.filter(({ method }) => method === 'PATCH')

test('is watched by name, decoded, and seen to be empty and to be gone', async () => {
  put({ 'tls.key': base64(KEY) })
  start()
  await until(() => seen.at(-1)?.data['tls.key'] === KEY && api.watchCount(PATH) === 1)
  expect(seen.at(-1)?.version).toBe(api.get(PATH, NAME)?.metadata.resourceVersion)
  put()
  await until(() => Object.keys(seen.at(-1)?.data ?? { x: '' }).length === 0)
  api.remove(PATH, NAME)
  await until(() => seen.at(-1) === undefined)
  expect(new Set(api.requests.map(({ query }) => query['fieldSelector']))).toEqual(new Set([`metadata.name=${NAME}`]))
})

test('a write names the version, sets and takes away keys, leaves those of others, and is seen at once', async () => {
  put({ mine: base64('old'), theirs: base64('kept'), gone: base64('x') })
  const secret = start()
  await until(() => seen.length > 0 && api.watchCount(PATH) === 1)
  expect(await secret.write('41', { mine: 'new', gone: undefined })).toBe('written')
  expect(JSON.parse(patches()[0]?.body ?? '')).toEqual([
    { op: 'replace', path: '/metadata/resourceVersion', value: '41' },
    { op: 'add', path: '/data', value: { mine: base64('new'), theirs: base64('kept') } },
  ])
  expect(seen.at(-1)?.data).toEqual({ mine: 'new', theirs: 'kept' })
})

test('an absent Secret is made by server-side apply, without data', async () => {
  const secret = start()
  await until(() => api.watchCount(PATH) === 1)
  api.intercepts.push(({ method }, response) => {
    return method === 'PATCH' && answer(response, { metadata: { name: NAME, resourceVersion: '7' } })
  })
  expect(await secret.create()).toBe('written')
  const [made] = patches()
  expect(made?.headers['content-type']).toBe('application/apply-patch+yaml')
  expect(made?.query).toEqual({ fieldManager: 'linkerd-tracing-injector' })
  expect(JSON.parse(made?.body ?? '')).toEqual({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: NAME, namespace: 'linkerd-tracing', labels: { of: 'ours' } },
    type: 'Opaque',
  })
  expect(seen.at(-1)).toEqual({ version: '7', data: {} })
})

test('reading shows what the watch has not shown yet', async () => {
  put({ a: base64('1') })
  const secret = start()
  await until(() => seen.length > 0 && api.watchCount(PATH) === 1)
  api.change(PATH, (objects) => objects.set(NAME, { metadata: { name: NAME }, data: { a: base64('2') } }))
  await secret.read()
  expect(seen.at(-1)?.data).toEqual({ a: '2' })
})

test.each([
  ['newer than the answer', '1', 'theirs'],
  ['older than the answer', '999999', 'mine'],
])('what the watch shows while the answer is on its way may be %s', async (_what, version, expected) => {
  put({ a: base64('old') })
  const secret = start()
  await until(() => seen.length > 0 && api.watchCount(PATH) === 1)
  api.intercepts.push(({ method }, response) => {
    if (method !== 'PATCH') return false
    put({ a: base64('theirs') })
    const written = { metadata: { name: NAME, resourceVersion: version }, data: { a: base64('mine') } }
    void until(() => seen.at(-1)?.data['a'] === 'theirs').then(() => answer(response, written))
    return true
  })
  expect(await secret.write('1', { a: 'mine' })).toBe('written')
  expect(seen.at(-1)?.data).toEqual({ a: expected })
})

test.each([
  [409, 'conflict'],
  [404, 'conflict'],
  [422, 'conflict'],
  [403, 'forbidden'],
  [500, 'error'],
])('a refusal with %i is %s; whatever the server says, no key gets into the log', async (status, result) => {
  put()
  const secret = start()
  await until(() => seen.length > 0 && api.watchCount(PATH) === 1)
  api.intercepts.push(({ method, body }, response) => {
    // A server that quotes what it was sent.
    return method === 'PATCH' && refuse(response, status, status === 500 || status === 422 ? body : 'no')
  })
  expect(await secret.write('1', { 'tls.key': KEY })).toBe(result)
  expect(JSON.stringify(log.lines)).not.toContain(KEY)
  expect(JSON.stringify(log.lines)).not.toContain(base64(KEY))
  expect(log.lines.some(({ level }) => level === 'warn')).toBe(result !== 'conflict')
})
