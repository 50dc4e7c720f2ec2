// The Namespaces, through whatever happens between us and the API server.
import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createApiClient } from '../../src/kubernetes/api-client.ts'
import { type NamespaceCache, startNamespaceCache } from '../../src/kubernetes/namespace-cache.ts'
import { refuse, ScriptedApi } from './scripted-api.ts'
import { FAST, recordingLog, recordingMetrics, until } from './watching.ts'

const NAMESPACES = '/api/v1/namespaces'
const INJECT = 'tracing.linkerd.io/inject'

let api: ScriptedApi
let stopped: AbortController
let log: ReturnType<typeof recordingLog>
let metrics: ReturnType<typeof recordingMetrics>

beforeEach(async () => {
  api = new ScriptedApi()
  await api.start()
  stopped = new AbortController()
  log = recordingLog()
  metrics = recordingMetrics()
})
afterEach(async () => {
  stopped.abort(new Error('stopped'))
  await api.stop()
})

function start(timing: Partial<typeof FAST> = {}): NamespaceCache {
  const client = createApiClient(api.config())
  return startNamespaceCache({ client, timing: { ...FAST, ...timing }, signal: stopped.signal, log, metrics })
}

function put(name: string, inject?: string): void {
  api.put(NAMESPACES, { metadata: { name, ...(inject === undefined ? {} : { labels: { [INJECT]: inject } }) } })
}

async function injectOf(cache: NamespaceCache, name: string): Promise<string | undefined> {
  const found = await cache.readNamespace(name)
  return found !== undefined && 'labels' in found ? found.labels[INJECT] : undefined
}

/** As far as the watch has shown, without asking the API server. */
function known(cache: NamespaceCache, name: string): boolean {
  const found = cache.readNamespace(name)
  return found !== undefined && !(found instanceof Promise)
}

const watching = () => until(() => api.watchCount(NAMESPACES) > 0)
const lists = () => api.requests.filter(({ path, query }) => path === NAMESPACES && query['watch'] === undefined)
const watches = () => api.requests.filter(({ query }) => query['watch'] === 'true')

describe('the first list', () => {
  test('comes in pages of 1,000, metadata only, and the watch goes on from its version', async () => {
    for (let index = 0; index < 2_201; index += 1) put(`n${index}`)
    const cache = start()
    await cache.synced
    await watching()
    expect(lists().map(({ query }) => [query['limit'], query['continue']])).toEqual([
      ['1000', undefined],
      ['1000', '2301,1000'],
      ['1000', '2301,2000'],
    ])
    expect(lists()[0]?.headers.accept).toMatch(/^application\/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,/)
    expect(watches()).toHaveLength(1)
    expect(watches()[0]?.query).toMatchObject({ resourceVersion: '2301', allowWatchBookmarks: 'true' })
    expect(watches()[0]?.headers.accept).toMatch(/^application\/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,/)
    // Bounded at the API server too: between 5 and 10 minutes.
    expect(Number(watches()[0]?.query['timeoutSeconds'])).toBeGreaterThanOrEqual(300)
    expect(Number(watches()[0]?.query['timeoutSeconds'])).toBeLessThanOrEqual(600)
    expect(known(cache, 'n2200')).toBe(true)
    expect(metrics.seen.namespaces).toBe(2_201)
  })

  test('is what readiness waits for', async () => {
    put('web', 'enabled')
    let isRefusing = true
    api.intercepts.push((_, response) => isRefusing && refuse(response, 500, 'etcdserver: no leader'))
    const cache = start()
    let isSynced = false
    void cache.synced.then(() => {
      isSynced = true
    })
    await until(() => metrics.restarts.length >= 3)
    expect(isSynced).toBe(false)
    isRefusing = false
    await cache.synced
    expect(await injectOf(cache, 'web')).toBe('enabled')
  })

  test('begins anew when its continue token has expired', async () => {
    for (let index = 0; index < 1_100; index += 1) put(`n${index}`)
    let compactions = 0
    api.intercepts.push(({ query }) => {
      if (query['continue'] !== undefined && compactions === 0) {
        compactions += 1
        api.compact()
      }
      return false
    })
    const cache = start()
    await cache.synced
    expect(known(cache, 'n1099')).toBe(true)
    expect(lists().map(({ query }) => query['continue'] !== undefined)).toEqual([false, true, false, true])
    expect(metrics.restarts).toEqual(['expired'])
  })

  test('is given up when the API server hangs, and tried again', async () => {
    put('web')
    let hung = 0
    api.intercepts.push(() => {
      hung += 1
      return hung === 1
    })
    const cache = start({ requestIdleMs: 300 })
    await cache.synced
    expect(metrics.restarts).toEqual(['silent'])
  })
})

describe('the watch', () => {
  test('shows Namespaces that come, change and go', async () => {
    put('web', 'enabled')
    put('db')
    const cache = start()
    await cache.synced
    await watching()
    put('shop', 'enabled')
    put('web', 'disabled')
    api.remove(NAMESPACES, 'db')
    await until(() => !known(cache, 'db'))
    expect(await injectOf(cache, 'shop')).toBe('enabled')
    expect(await injectOf(cache, 'web')).toBe('disabled')
    expect(metrics.seen.namespaces).toBe(2)
    expect(Date.now() - Number(metrics.seen.lastEvent)).toBeLessThan(5_000)
  })

  test('goes on from where it was when the connection breaks, without a new list', async () => {
    put('web', 'enabled')
    const cache = start()
    await cache.synced
    await watching()
    put('web', 'disabled')
    await until(async () => (await injectOf(cache, 'web')) === 'disabled')
    api.disconnectAll()
    put('shop', 'enabled')
    await until(() => known(cache, 'shop'))
    expect(lists()).toHaveLength(1)
    expect(watches().map(({ query }) => query['resourceVersion'])).toEqual(['101', '102'])
    expect(metrics.restarts).toEqual(['disconnected'])
  })

  test('goes on from its last bookmark when the API server ends it', async () => {
    put('web')
    const cache = start()
    await cache.synced
    await watching()
    api.bookmark(NAMESPACES)
    api.endWatches(NAMESPACES)
    await until(() => watches().length === 2)
    expect(watches().map(({ query }) => query['resourceVersion'])).toEqual(['101', '111'])
    expect(metrics.restarts).toEqual(['closed'])
    expect(log.lines.filter(({ level }) => level === 'warn')).toEqual([])
    expect(known(cache, 'web')).toBe(true)
  })

  test('survives an API server that is away for a while; what is known stays in use', async () => {
    put('web', 'enabled')
    put('db')
    const cache = start()
    await cache.synced
    await watching()
    await api.stop()
    api.put(NAMESPACES, { metadata: { name: 'shop' } })
    api.remove(NAMESPACES, 'db')
    await until(() => metrics.restarts.length >= 4)
    expect(await injectOf(cache, 'web')).toBe('enabled')
    expect(known(cache, 'db')).toBe(true)
    await api.start()
    await until(() => known(cache, 'shop') && !known(cache, 'db'))
    expect(lists()).toHaveLength(1)
    // Said once, however often it was tried; and that it works again.
    const refused = log.lines.filter(({ because }) => String(because).includes('ECONNREFUSED'))
    expect(refused.filter(({ level }) => level === 'warn')).toHaveLength(1)
    expect(log.lines.filter(({ message }) => message === 'watch of Namespaces works again')).toHaveLength(1)
  })

  describe.each([
    ['as the answer', () => api.disconnectAll()],
    ['as an event', () => api.sendLine(NAMESPACES, '{"type":"ERROR","object":{"kind":"Status","code":410}}')],
  ])('on 410 Gone %s', (_, cause) => {
    test('lists anew and replaces all at once: deleted ones go, and until then the old ones hold', async () => {
      for (let index = 0; index < 1_100; index += 1) put(`n${index}`, 'enabled')
      const cache = start()
      await cache.synced
      await watching()
      // The second page of the next list waits, so that the moment in between can be looked at.
      let release: (() => Promise<void>) | undefined
      let isHeld = false
      api.intercepts.push(({ path, query }, response) => {
        if (query['continue'] === undefined || isHeld) return false
        isHeld = true
        release = () => forward(path, query, response)
        return true
      })
      const forward = async (path: string, query: Readonly<Record<string, string>>, response: ServerResponse) => {
        const answer = await fetch(`http://127.0.0.1:${api.port}${path}?${new URLSearchParams(query)}`)
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
      }
      api.change(NAMESPACES, (objects) => {
        objects.delete('n0')
        objects.set('n1', { metadata: { name: 'n1', labels: { [INJECT]: 'disabled' } } })
      })
      api.compact()
      cause()
      await until(() => release !== undefined)
      expect(await injectOf(cache, 'n0')).toBe('enabled')
      expect(await injectOf(cache, 'n1')).toBe('enabled')
      await release?.()
      await until(() => !known(cache, 'n0'))
      expect(await injectOf(cache, 'n1')).toBe('disabled')
      expect(metrics.seen.namespaces).toBe(1_099)
      expect(metrics.restarts).toContain('expired')
    })
  })

  test('is taken for half-open when nothing comes, not even a bookmark; then the list is taken anew', async () => {
    put('web', 'enabled')
    const cache = start({ watchSilenceMs: 300 })
    await cache.synced
    await watching()
    const startedAt = Date.now()
    await until(() => lists().length === 2)
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(200)
    expect(metrics.restarts[0]).toBe('silent')
  })

  test('lives as long as bookmarks come', async () => {
    put('web')
    const cache = start({ watchSilenceMs: 1_000 })
    await cache.synced
    await watching()
    const end = Date.now() + 2_500
    while (Date.now() < end) {
      api.bookmark(NAMESPACES)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect(metrics.restarts).toEqual([])
    expect(watches()).toHaveLength(1)
  })

  test.each([
    [
      'an ERROR event',
      '{"type":"ERROR","object":{"kind":"Status","code":500,"message":"unable to decode"}}',
      'unable to decode',
    ],
    ['an ERROR event without a code', '{"type":"ERROR","object":{}}', 'HTTP 500'],
    ['what is no JSON', 'upstream connect error', 'no JSON object'],
    ['what is no object', '[]', 'no JSON object'],
    ['what is no event', '{"type":"ADDED"}', 'no event'],
  ])('lists anew after %s, as the same would come again', async (_, line, because) => {
    put('web', 'enabled')
    const cache = start()
    await cache.synced
    await watching()
    api.sendLine(NAMESPACES, line)
    await until(() => lists().length === 2)
    expect(metrics.restarts).toEqual(['error'])
    expect(log.lines.find(({ level }) => level === 'warn')?.['because']).toContain(because)
    expect(await injectOf(cache, 'web')).toBe('enabled')
  })

  test('passes over events of types that it does not know', async () => {
    put('web')
    const cache = start()
    await cache.synced
    await watching()
    api.sendLine(NAMESPACES, '{"type":"MOVED","object":{"metadata":{"name":"web","resourceVersion":"500"}}}')
    put('shop')
    await until(() => known(cache, 'shop'))
    expect(metrics.restarts).toEqual([])
  })

  test('names the right that is missing, once, and goes on when it is given', async () => {
    let isForbidden = true
    api.intercepts.push((_, response) => isForbidden && refuse(response, 403, 'User "x" cannot list'))
    put('web')
    const cache = start()
    await until(() => metrics.restarts.length >= 5)
    expect(metrics.restarts.every((cause) => cause === 'forbidden')).toBe(true)
    const warnings = log.lines.filter(({ level }) => level === 'warn')
    expect(warnings.map(({ because }) => because)).toEqual([
      'cannot list namespaces: HTTP 403: the right to list namespaces is missing (User "x" cannot list)',
    ])
    isForbidden = false
    await cache.synced
  })

  test('waits as long as an API server that is overloaded asks', async () => {
    let at = 0
    api.intercepts.push((_, response) => {
      if (at > 0) return false
      at = Date.now()
      response.writeHead(429, { 'retry-after': '1' }).end('slow down')
      return true
    })
    const cache = start({ maxBackoffMs: 5_000 })
    await cache.synced
    expect(Date.now() - at).toBeGreaterThanOrEqual(950)
    expect(metrics.restarts).toEqual(['busy'])
  })

  test('pauses between attempts that fail at once', async () => {
    api.intercepts.push((_, response) => refuse(response, 500, 'no'))
    start({ backoffMs: 100, maxBackoffMs: 200 })
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    // 50 to 100 ms, then 100 to 200 ms each
    expect(metrics.restarts.length).toBeGreaterThanOrEqual(2)
    expect(metrics.restarts.length).toBeLessThanOrEqual(11)
  })

  test('begins with a short pause again once a watch has worked, so that restarts do not add up', async () => {
    put('web')
    let refused = 0
    const refuseFive = () => {
      refused = 0
      api.intercepts.push((_, response) => refused < 5 && ++refused > 0 && refuse(response, 500, 'no'))
    }
    refuseFive()
    const cache = start({ backoffMs: 10, maxBackoffMs: 60_000, workedMs: 200 })
    await cache.synced
    await watching()
    await new Promise((resolve) => setTimeout(resolve, 250))
    refuseFive()
    api.endWatches(NAMESPACES)
    const cutAt = Date.now()
    await until(() => refused === 5 && api.watchCount(NAMESPACES) === 1)
    // the pauses of six failures: at most 10 + 20 + 40 + 80 + 160 + 320 ms; of twelve they would be 20 s
    expect(Date.now() - cutAt).toBeLessThan(5_000)
  })

  test('ends with the signal, and asks nothing more', async () => {
    put('web')
    const cache = start()
    await cache.synced
    await watching()
    stopped.abort(new Error('stopped'))
    await until(() => api.watchCount(NAMESPACES) === 0)
    const before = api.requests.length
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(api.requests.length).toBe(before)
    expect(metrics.restarts).toEqual([])
  })
})

describe('a Namespace that the watch has not shown', () => {
  /** A cache that has synced and whose watch then shows nothing more. */
  async function startBlind(timing: Partial<typeof FAST> = {}): Promise<NamespaceCache> {
    put('web', 'enabled')
    api.intercepts.push(({ query }) => query['watch'] === 'true')
    const cache = start({ requestIdleMs: 60_000, ...timing })
    await cache.synced
    return cache
  }
  const gets = () => api.requests.filter(({ path }) => path.startsWith(`${NAMESPACES}/`))

  test('is read with one GET, metadata only, that all who wait share', async () => {
    const cache = await startBlind()
    put('new', 'enabled')
    const answers = await Promise.all(Array.from({ length: 20 }, () => cache.readNamespace('new')))
    expect(
      answers.every((found) => found !== undefined && 'labels' in found && found.labels[INJECT] === 'enabled'),
    ).toBe(true)
    expect(gets().map(({ path }) => path)).toEqual([`${NAMESPACES}/new`])
    expect(gets()[0]?.headers.accept).toMatch(/as=PartialObjectMetadata;/)
    expect(metrics.gets).toEqual(['found'])
  })

  test('is asked for again a second later: no answer is kept for long', async () => {
    const cache = await startBlind({ lookupMemoryMs: 100 })
    put('new', 'enabled')
    expect(await injectOf(cache, 'new')).toBe('enabled')
    put('new', 'disabled')
    expect(await injectOf(cache, 'new')).toBe('enabled')
    await until(async () => (await injectOf(cache, 'new')) === 'disabled')
    expect(gets()).toHaveLength(2)
  })

  test('is unknown, with the reason, when the GET takes longer than 500 ms in all; the failure is soon forgotten', async () => {
    const cache = await startBlind({ lookupMemoryMs: 100 })
    let isHanging = true
    api.intercepts.push(({ path }) => isHanging && path === `${NAMESPACES}/new`)
    const startedAt = Date.now()
    expect(await cache.readNamespace('new')).toEqual({
      unknownBecause: 'Namespace "new" could not be read within 500 ms',
    })
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(490)
    expect(Date.now() - startedAt).toBeLessThan(1_500)
    expect(metrics.gets).toEqual(['timeout'])
    isHanging = false
    put('new', 'enabled')
    await until(async () => (await injectOf(cache, 'new')) === 'enabled')
  })

  test('the 500 ms hold for an answer that trickles, too', async () => {
    const cache = await startBlind()
    api.intercepts.push(({ path }, response) => {
      if (path !== `${NAMESPACES}/new`) return false
      response.writeHead(200)
      const drip = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(drip))
      return true
    })
    const startedAt = Date.now()
    expect(await cache.readNamespace('new')).toEqual({
      unknownBecause: 'Namespace "new" could not be read within 500 ms',
    })
    expect(Date.now() - startedAt).toBeLessThan(1_500)
  })

  test.each([
    [404, 'absent', 'is not known to the API server'],
    [403, 'forbidden', 'could not be read: the right to get it is missing'],
    [401, 'forbidden', 'could not be read: the right to get it is missing'],
    [500, 'error', 'could not be read from the API server'],
  ])('is unknown without delay on %i', async (status, result, why) => {
    const cache = await startBlind()
    api.intercepts.push(({ path }, response) => path.endsWith('/new') && refuse(response, status, 'no'))
    const startedAt = Date.now()
    expect(await cache.readNamespace('new')).toEqual({ unknownBecause: `Namespace "new" ${why}` })
    expect(Date.now() - startedAt).toBeLessThan(480)
    expect(metrics.gets).toEqual([result])
  })

  test('is unknown without delay when the API server is away', async () => {
    const cache = await startBlind()
    await api.stop()
    expect(await cache.readNamespace('new')).toEqual({
      unknownBecause: 'Namespace "new" could not be read from the API server',
    })
  })

  test('is read before the first list has come through, too', async () => {
    put('web', 'enabled')
    api.intercepts.push(({ path }) => path === NAMESPACES)
    expect(await injectOf(start(), 'web')).toBe('enabled')
  })

  test.each(['..', '.', 'a/b', 'A', '', 'x'.repeat(64), '%2e%2e'])(
    'never asks for %j, which is no name',
    async (name) => {
      const cache = await startBlind()
      const before = api.requests.length
      expect(await cache.readNamespace(name)).toMatchObject({ unknownBecause: expect.stringContaining('no name of a') })
      expect(api.requests.length).toBe(before)
    },
  )

  test('known ones cost no call and no wait', async () => {
    const cache = await startBlind()
    for (let index = 0; index < 100; index += 1) expect(known(cache, 'web')).toBe(true)
    expect(gets()).toEqual([])
  })
})
