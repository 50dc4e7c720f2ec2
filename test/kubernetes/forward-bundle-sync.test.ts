// The forward entry's caBundle follows Linkerd's, and nothing else is ever written.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createApiClient } from '../../src/kubernetes/api-client.ts'
import { startForwardBundleSync } from '../../src/kubernetes/forward-bundle-sync.ts'
import { refuse, ScriptedApi } from './scripted-api.ts'
import { FAST, recordingLog, until } from './watching.ts'

const PATH = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations'
const LINKERD = 'linkerd-proxy-injector-webhook-config'
const OURS = 'linkerd-collector-injector-webhook-config'

let api: ScriptedApi
let stopped: AbortController
let log: ReturnType<typeof recordingLog>
let results: string[]

beforeEach(async () => {
  api = new ScriptedApi()
  await api.start()
  stopped = new AbortController()
  log = recordingLog()
  results = []
})
afterEach(async () => {
  stopped.abort(new Error('stopped'))
  await api.stop()
})

function start(): void {
  const client = createApiClient(api.config())
  const countPatch = (result: string) => void results.push(result)
  startForwardBundleSync({ client, timing: FAST, signal: stopped.signal, log, countPatch })
}

const entry = (name: string, service: string, caBundle?: string) => ({
  name,
  clientConfig: { service: { namespace: 'linkerd', name: service }, ...(caBundle === undefined ? {} : { caBundle }) },
})
const mark = entry('mark.tracing.linkerd.io', 'linkerd-tracing-injector', 'b3Vycw==')
const forward = (caBundle?: string) => entry('forward.tracing.linkerd.io', 'linkerd-proxy-injector', caBundle)

function putLinkerd(caBundle?: string): void {
  const webhooks = [entry('linkerd-proxy-injector.linkerd.io', 'linkerd-proxy-injector', caBundle)]
  api.put(PATH, { metadata: { name: LINKERD }, webhooks })
}
function putOurs(...webhooks: object[]): void {
  api.put(PATH, { metadata: { name: OURS }, webhooks })
}
const live = () => api.get(PATH, OURS)?.['webhooks']
const patches = () => api.requests.filter(({ method }) => method === 'PATCH')
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

test('is set once both are known, and again when Linkerd rotates its CA; nothing else changes', async () => {
  putLinkerd('YQ==')
  putOurs(mark, forward())
  start()
  await until(() => JSON.stringify(live()) === JSON.stringify([mark, forward('YQ==')]))
  putLinkerd('Yg==')
  await until(() => JSON.stringify(live()) === JSON.stringify([mark, forward('Yg==')]))
  expect(patches().map(({ path }) => path)).toEqual([`${PATH}/${OURS}`, `${PATH}/${OURS}`])
  expect(patches()[0]?.headers['content-type']).toBe('application/json-patch+json')
  await until(() => results.length === 2)
  expect(results).toEqual(['patched', 'patched'])
})

test('watches the two configurations by name, so that rights by name suffice', async () => {
  putLinkerd('YQ==')
  start()
  await until(() => api.watchCount(PATH) === 2)
  const selectors = new Set(api.requests.map(({ query }) => query['fieldSelector']))
  expect([...selectors].sort()).toEqual([`metadata.name=${OURS}`, `metadata.name=${LINKERD}`])
})

test('one patch is enough, also when the watch is slow to show it', async () => {
  putLinkerd('YQ==')
  putOurs(mark, forward())
  api.intercepts.push(({ query }) => query['watch'] !== undefined)
  start()
  await until(() => results.length === 1)
  // Ten times the pause before a second one.
  await wait(10 * FAST.patchPauseMs)
  expect(patches()).toHaveLength(1)
})

test('is taken back when a manifest lost it', async () => {
  putLinkerd('YQ==')
  putOurs(mark, forward('YQ=='))
  start()
  await until(() => api.watchCount(PATH) === 2)
  putOurs(mark, forward(''))
  await until(() => JSON.stringify(live()) === JSON.stringify([mark, forward('YQ==')]))
})

test('stays where Linkerd’s goes, and where there is no forward entry nothing is written', async () => {
  putLinkerd('YQ==')
  putOurs(mark, forward('YQ=='))
  start()
  await until(() => api.watchCount(PATH) === 2)
  putLinkerd('')
  api.remove(PATH, LINKERD)
  putOurs(mark)
  await wait(100)
  expect(patches()).toEqual([])
})

test('what the watch shows while the answer is on its way is newer than the answer', async () => {
  putLinkerd('YQ==')
  putOurs(forward('eA=='))
  let isFirst = true
  api.intercepts.push(({ method }, response) => {
    if (method !== 'PATCH' || !isFirst) return false
    isFirst = false
    // Patched, and reset by another writer at once: the watch tells of both before the patch is answered.
    putOurs(forward('YQ=='))
    const patched = { metadata: { name: OURS, resourceVersion: '1' }, webhooks: [forward('YQ==')] }
    putOurs(forward('eA=='))
    setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(patched)), 100)
    return true
  })
  start()
  await until(() => JSON.stringify(live()) === JSON.stringify([forward('YQ==')]) && patches().length === 2)
  // Of itself, and not because a watch was begun again.
  expect(api.requests.filter(({ query }) => query['watch'] !== undefined)).toHaveLength(2)
})

test('what the watch shows late is older than the answer, by its version', async () => {
  putLinkerd('YQ==')
  putOurs(forward('eA=='))
  api.intercepts.push(({ method }, response) => {
    if (method !== 'PATCH') return false
    putOurs(mark, forward('eA=='))
    const patched = { metadata: { name: OURS, resourceVersion: '999999' }, webhooks: [mark, forward('YQ==')] }
    setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(patched)), 100)
    return true
  })
  start()
  await until(() => results.length === 1)
  await wait(100)
  expect(patches()).toHaveLength(1)
})

test('a clock that is set back does not keep a bundle from being set again', async () => {
  putLinkerd('YQ==')
  putOurs(forward('eA=='))
  start()
  await until(() => results.length === 1)
  const back = vi.spyOn(Date, 'now').mockReturnValue(Date.now() - 3_600_000)
  putOurs(forward('eA=='))
  await vi.waitFor(() => expect(results).toHaveLength(2), { timeout: 5_000 }).finally(() => back.mockRestore())
})

test('another writer that resets it again and again is not fought without end', async () => {
  putLinkerd('YQ==')
  putOurs(forward('eA=='))
  api.intercepts.push(({ method }, response) => {
    // The other writer is quick, but comes after our patch: before it there would be nothing to take back.
    if (method === 'PATCH') response.once('finish', () => putOurs(forward('eA==')))
    return false
  })
  const begun = performance.now()
  start()
  await until(() => patches().length >= 8)
  // Pauses of 20, 40, 80, 160, 200, 200, 200 ms between eight patches make 900 ms at least. On a busy machine there may
  // be a break long enough that they begin anew; with that it is still more than half a second.
  expect(performance.now() - begun).toBeGreaterThan(500)
  await until(() =>
    log.lines.some(({ level, message }) => level === 'warn' && message.includes('something else keeps')),
  )
})

test('entries that were reordered unseen are refused by the API server, and patched once the watch has shown them', async () => {
  putLinkerd('YQ==')
  putOurs(mark, forward())
  let isFirst = true
  api.intercepts.push(({ method }) => {
    if (method === 'PATCH' && isFirst) {
      isFirst = false
      putOurs(forward(), mark)
    }
    return false
  })
  start()
  await until(() => JSON.stringify(live()) === JSON.stringify([forward('YQ=='), mark]))
  await until(() => results.length === 2)
  expect(results).toEqual(['conflict', 'patched'])
})

test.each([
  [403, 'forbidden'],
  [500, 'error'],
])('a refusal with %i is counted, logged with the right that is missing, and tried again', async (status, result) => {
  putLinkerd('YQ==')
  putOurs(mark, forward())
  let isRefusing = true
  api.intercepts.push(({ method }, response) => {
    if (method !== 'PATCH' || !isRefusing) return false
    isRefusing = false
    refuse(response, status, 'no')
    return true
  })
  start()
  await until(() => results.includes('patched'))
  expect(results).toEqual([result, 'patched'])
  const because = log.lines.find(({ message }) => message === 'caBundle could not be set')?.['because']
  expect(because).toContain(`cannot patch mutatingwebhookconfigurations "${OURS}": HTTP ${status}`)
})
