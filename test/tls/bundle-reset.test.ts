// Another writer of our caBundles: what it writes is put back, is told of, and is no fight.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CONFIGURATIONS, MARK, type ScriptedInstall, scriptedInstall, TRACE } from './scripted-install.ts'

let install: ScriptedInstall
let server: Awaited<ReturnType<ScriptedInstall['serve']>>
beforeEach(async () => {
  install = await scriptedInstall()
  server = await install.serve()
  await expect.poll(isRight).toBe(true)
})
afterEach(async () => {
  await server.end()
  await install.api.stop()
})

const isRight = () =>
  [...install.bundles(MARK), ...install.bundles(TRACE)].every((bundle) => bundle === install.stored('ca.crt'))
const patches = () =>
  install.api.requests.filter(({ method, path }) => method === 'PATCH' && path === `${CONFIGURATIONS}/${TRACE}`)
const eventReasons = () =>
  install.api.requests
    .filter(({ method, path }) => method === 'POST' && path.endsWith('/events'))
    .map(({ body }) => JSON.parse(body).reason)

test('once: it is put back, counted, and an event', async () => {
  const before = patches().length
  install.writeBundles(TRACE, '')
  await expect.poll(isRight, { timeout: 10_000 }).toBe(true)
  expect(patches()).toHaveLength(before + 1)
  await expect.poll(eventReasons).toContain('CaBundleReset')
  expect(await server.metric(/^linkerd_tracing_ca_bundle_resets_total [1-9]/m)).toBe(true)
})

test('again and again: pauses of 1, 2, 4 … seconds, and one event', { timeout: 30_000 }, async () => {
  const before = patches().length
  const startedAt = performance.now()
  const OBSERVED_MS = 4_000
  // As soon as it is put back it is taken away again.
  install.api.intercepts.push(({ method, path }) => {
    if (method === 'PATCH' && path.endsWith(TRACE)) setImmediate(() => install.writeBundles(TRACE, ''))
    return false
  })
  install.writeBundles(TRACE, '')
  await expect.poll(() => performance.now() - startedAt > OBSERVED_MS, { timeout: 20_000 }).toBe(true)
  // The first write, at the installation, began the pace: the next ones 1 s and 2 s after one another; a slow machine is late.
  const count = patches().length - before
  expect(count).toBeGreaterThanOrEqual(1)
  expect(count).toBeLessThanOrEqual(3)
  expect(eventReasons().filter((reason) => reason === 'CaBundleReset')).toHaveLength(1)
})
