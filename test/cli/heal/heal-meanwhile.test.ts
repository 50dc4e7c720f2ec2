// What happens in a cluster between the plan and its end, by others and by whoever presses Ctrl-C.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Raw } from '../../injection/samples.ts'
import { answer, refuse, type SeenRequest } from '../../kubernetes/scripted-api.ts'
import { runInProcess } from '../cli-run.ts'
import { DEPLOYMENTS, PODS, runningPod } from '../pod-coverage/scripted-cluster.ts'
import { DEPLOYED, DONE, type MissedShop, startMissedShop } from './missed-shop.ts'

let shop: MissedShop
beforeEach(async () => {
  shop = await startMissedShop()
  for (const name of ['a', 'b', 'c']) shop.deploy(name)
  shop.replacePods()
})
afterEach(() => shop.cluster.stop())

const isRestart = ({ method, query }: SeenRequest) => method === 'PATCH' && query['dryRun'] === undefined

test('a workload that has changed since it was looked at is looked at again, after the others', async () => {
  const { api, put } = shop.cluster
  let isFirst = true
  // Refused as by the API server; somebody else was faster with the first of them.
  api.intercepts.unshift((request, response) => {
    const name = request.path.split('/').at(-1) ?? ''
    if (!isRestart(request)) return false
    if (isFirst) put(DEPLOYMENTS, api.get(DEPLOYED, name) as Raw)
    isFirst = false
    const { resourceVersion } = JSON.parse(request.body).metadata
    const isSeen = resourceVersion === api.get(DEPLOYED, name)?.metadata.resourceVersion
    return isSeen ? false : refuse(response, 409, 'the object has been modified')
  })
  const { code, stdout, stderr } = await shop.heal('--yes')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(shop.restarted()).toEqual(['a', 'b', 'c', 'a'])
  expect(stdout.match(/deployment\/\w in shop restarted, and traced/g)).toHaveLength(3)
})

test('one that goes on changing for longer than patience lasts is left, with its command', async () => {
  shop.cluster.api.intercepts.unshift((request, response) =>
    isRestart(request) && request.path.endsWith('/b') ? refuse(response, 409, 'modified') : false,
  )
  const { code, stdout } = await shop.heal('--yes', '--timeout', '0s')
  expect(code).toBe(2)
  expect(stdout).toMatch(
    /\n {2}deployment\/b in shop: it has changed since it was looked at\n {4}kubectl rollout restart -n shop deployment\/b\n$/,
  )
})

test('what may not be read any more stops all, and what is left is said', async () => {
  const { api } = shop.cluster
  const isOfBudgets = ({ path }: SeenRequest) => path.includes('/poddisruptionbudgets')
  // For the plan they are read once.
  api.intercepts.unshift((request, response) =>
    isOfBudgets(request) && api.requests.filter(isOfBudgets).length > 1 ? refuse(response, 403, 'no more') : false,
  )
  const { code, stdout, stderr } = await shop.heal('--yes', '-o', 'json')
  expect({ code, restarted: shop.restarted() }).toEqual({ code: 1, restarted: [] })
  expect(stderr).toMatch(
    /^error: deployment\/a in shop: cannot list poddisruptionbudgets .*; nothing else is restarted/,
  )
  expect(JSON.parse(stdout)).toMatchObject({
    healed: [],
    failed: { name: 'a' },
    left: [{ name: 'b' }, { name: 'c' }],
  })
})

test('one that is deleted meanwhile is nobody’s concern, and was not restarted', async () => {
  const { api } = shop.cluster
  const isAsked = ({ method, path }: SeenRequest) => method === 'GET' && path.endsWith('/deployments/a')
  // It is there for the plan, and for the last look.
  api.intercepts.unshift((request, response) =>
    isAsked(request) && api.requests.filter(isAsked).length > 2 ? refuse(response, 404, 'not found') : false,
  )
  const { code, stdout } = await shop.heal('--yes')
  expect(code).toBe(0)
  expect(stdout).not.toContain('deployment/a in shop restarted')
  expect(shop.restarted()).toEqual(['b', 'c'])
})

test('Pods of others that have its labels, as those of a chart’s CronJob, are not taken for its own', async () => {
  const { api } = shop.cluster
  const other = runningPod('report', { owner: { apiVersion: 'batch/v1', kind: 'Job', name: 'report' } })
  api.intercepts.unshift(({ path, query }, response) => {
    if (!path.endsWith('/shop/pods') || query['labelSelector'] !== 'app=a') return false
    return answer(response, { metadata: { resourceVersion: '1' }, items: [api.get(path, 'a-1-a'), other] })
  })
  const { code, stdout } = await shop.heal('--yes')
  expect({ code, restarted: shop.restarted() }).toEqual({ code: 0, restarted: ['a', 'b', 'c'] })
  expect(stdout).toContain('deployment/a in shop restarted, and traced')
})

describe('Ctrl-C', () => {
  test('during a rollout: that it goes on, and nothing else', async () => {
    const { api, kubeconfig, put } = shop.cluster
    const halfway = { ...DONE, updatedReplicas: 1 }
    api.intercepts.unshift((request) => {
      if (isRestart(request)) put(DEPLOYMENTS, { ...(api.get(DEPLOYED, 'a') as Raw), status: halfway })
      return false
    })
    const run = runInProcess(['status', '--heal', '--yes', '--kubeconfig', kubeconfig])
    await vi.waitUntil(() => shop.restarted().length > 0, { timeout: 30_000 })
    run.signals.emit('SIGINT')
    expect(await run.exited).toBe(130)
    expect(run.stderr()).toBe(
      '\ninterrupted: deployment/a in shop is being restarted and goes on without us (kubectl rollout status -n shop deployment/a), nothing else is restarted; the same command goes on with what is left\n',
    )
    // The process would be gone; here the command ends by this.
    put(DEPLOYMENTS, { ...(api.get(DEPLOYED, 'a') as Raw), status: { ...DONE, conditions: [STUCK] } })
    await run.returned
  })

  test('while a workload waits: nothing is being restarted', async () => {
    const { api, kubeconfig, put } = shop.cluster
    for (const name of ['b', 'c']) put(PODS, { ...(api.get(PATH, `${name}-1-a`) as Raw), status: { phase: 'Failed' } })
    put(DEPLOYMENTS, { ...(api.get(DEPLOYED, 'a') as Raw), status: { ...DONE, availableReplicas: 1 } })
    const run = runInProcess(['status', '--heal', '--yes', '--timeout', '1m', '--kubeconfig', kubeconfig])
    await vi.waitUntil(() => api.requests.filter(isLook).length > 1, { timeout: 30_000 })
    run.signals.emit('SIGTERM')
    expect(await run.exited).toBe(143)
    expect(run.stderr()).toContain('interrupted: nothing is being restarted; ')
    put(DEPLOYMENTS, { ...(api.get(DEPLOYED, 'a') as Raw), status: DONE })
    expect(await run.returned).toBe(0)
  })
})

const PATH = '/api/v1/namespaces/shop/pods'
const STUCK = { type: 'Progressing', reason: 'ProgressDeadlineExceeded', message: 'no image' }
const isLook = ({ method, path }: SeenRequest) => method === 'GET' && path.endsWith('/deployments/a')
