// The whole command with a browser: what it prints is opened, coverage comes from a cluster, and Jaeger by a forwarded port.
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { type ServedCluster, serveCluster } from '../cli/check/served-cluster.ts'
import { serveComponents } from '../cli/check/served-components.ts'
import { runInProcess } from '../cli/cli-run.ts'
import { runningPod } from '../cli/pod-coverage/scripted-cluster.ts'
import { openBrowser, type TestBrowser } from './browser.ts'

let browser: TestBrowser
let cluster: ServedCluster
const askedOfJaeger: IncomingHttpHeaders[] = []
const jaeger = createServer((request, response) => {
  askedOfJaeger.push(request.headers)
  response.setHeader('content-type', 'text/html')
  response.end('<title>Jaeger UI</title>')
})
beforeAll(async () => {
  browser = await openBrowser(inject('chromium'), onTestFinished)
  cluster = await serveCluster()
  serveComponents(cluster)
  for (const [name, traced] of [
    ['web', true],
    ['vote', false],
  ] as const)
    cluster.objects.set(`/api/v1/namespaces/shop/pods/${name}`, runningPod(name, { traced }))
  await new Promise<void>((resolve) => jaeger.listen(0, '127.0.0.1', resolve))
  cluster.ways.pods.set('linkerd-tracing/linkerd-jaeger-0:16686', (jaeger.address() as AddressInfo).port)
})
afterAll(async () => {
  await browser?.close()
  await cluster?.close()
  jaeger.closeAllConnections()
})

test('from the address that is printed to Jaeger’s page, until Ctrl-C', async () => {
  const dashboard = runInProcess(['dashboard', '--kubeconfig', cluster.kubeconfig, '--show', 'url'])
  await expect.poll(dashboard.stdout).toMatch(/\n$/)
  const { page, complaints } = await browser.open(dashboard.stdout().trim())
  await expect.poll(() => page.locator('.percent').innerText()).toMatch(/^50%/)
  const gap = page.getByRole('table', { name: 'Workloads' }).getByRole('row', { name: /^pod\/vote/ })
  expect(await gap.innerText()).toContain('nothing makes it anew: delete it, and create it again')

  const [tab] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('link', { name: 'Jaeger (in a new tab)' }).click(),
  ])
  await expect.poll(() => tab.title()).toBe('Jaeger UI')
  expect(tab.url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/jaeger$/)
  // The token stands in the address of the page that led there.
  const [, token = ''] = new URL(page.url()).pathname.split('/')
  expect(JSON.stringify(askedOfJaeger)).not.toContain(token)
  expect(await tab.evaluate('window.opener')).toBe(null)
  expect(complaints).toEqual([])

  dashboard.signals.emit('SIGINT')
  expect(await dashboard.returned).toBe(0)
  await page.getByRole('button', { name: 'Refresh' }).click()
  await page.getByRole('alert').getByText('The program that serves this page has ended.').waitFor()
})
