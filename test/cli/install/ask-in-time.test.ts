import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askInTime } from '../../../src/cli/install/ask-in-time.ts'
import { type ServedCluster, serveCluster } from '../check/served-cluster.ts'

let cluster: ServedCluster
beforeAll(async () => {
  cluster = await serveCluster()
})
afterAll(() => cluster.close())

test('a cluster that takes its time is waited for, and a terminal is told', async () => {
  const stderr = Object.assign(new PassThrough(), { isTTY: true })
  let told = ''
  stderr.on('data', (chunk: Buffer) => {
    told += chunk.toString()
  })
  const flags = { linkerdNamespace: 'linkerd', kubeconfig: cluster.kubeconfig }
  const { promise, resolve } = Promise.withResolvers<void>()
  const asked = askInTime(flags, { env: {}, stderr }, async (view) => {
    await promise
    return view.read('version')
  })
  await expect.poll(() => told, { timeout: 8_000 }).toMatch(/asking the cluster$/)
  resolve()
  expect(await asked).toEqual({ gitVersion: 'v1.37.2' })
  await expect.poll(() => told.endsWith('\r\u001b[K')).toBe(true)
})
