// `status --heal` beside a scripted API server: what it asks, what it refuses, where it stops.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Raw } from '../../injection/samples.ts'
import { answer, refuse } from '../../kubernetes/scripted-api.ts'
import { runInProcess } from '../cli-run.ts'
import { DEPLOYMENTS, PODS, runningPod } from '../pod-coverage/scripted-cluster.ts'
import { DEPLOYED, DONE, type MissedShop, startMissedShop } from './missed-shop.ts'

let shop: MissedShop
beforeEach(async () => {
  shop = await startMissedShop()
})
afterEach(() => shop.cluster.stop())

async function healTyping(typed: string) {
  const run = runInProcess(['status', '--heal', '--kubeconfig', shop.cluster.kubeconfig], {}, { typed })
  return { code: await run.returned, stdout: run.stdout(), stderr: run.stderr() }
}

const PLAN = `To be restarted one at a time, in this order:

NAMESPACE   WORKLOAD         NOT TRACED   AWAY AT A TIME   NOW
shop        deployment/api   1            0 of 2           can be restarted
shop        deployment/web   1            0 of 2           can be restarted
`

describe('the question', () => {
  beforeEach(() => {
    for (const name of ['web', 'api']) shop.deploy(name)
    shop.replacePods()
  })

  test('yes: the plan is done, exit code 0', async () => {
    const { code, stdout, stderr } = await healTyping('y\n')
    expect(code).toBe(0)
    expect(stdout).toBe(
      `${PLAN}${['api', 'web'].map((name) => `deployment/${name} in shop restarted, and traced (0 s)\n`).join('')}`,
    )
    expect(stderr).toContain('Restart these 2 workloads, one at a time? [y/N] ')
    expect(shop.restarted()).toEqual(['api', 'web'])
  })

  test('no: nothing is changed, exit code 2', async () => {
    const { code, stdout } = await healTyping('n\n')
    expect({ code, stdout, restarted: shop.restarted() }).toEqual({ code: 2, stdout: PLAN, restarted: [] })
  })

  test('where nobody can be asked it is refused', async () => {
    const { code, stderr } = await shop.heal()
    expect({ code, stderr, restarted: shop.restarted() }).toEqual({
      code: 1,
      stderr:
        'error: Restart these 2 workloads, one at a time? Nobody can be asked here: --yes says so, --dry-run only shows it; nothing was changed\n',
      restarted: [],
    })
  })

  test('a dry run asks nobody, has each restart judged, and changes nothing; exit code 2', async () => {
    const { code, stdout, stderr } = await shop.heal('--dry-run')
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: PLAN.replace('To be', 'Would be'),
      stderr: '',
    })
    expect(shop.restarted()).toEqual([])
    expect(shop.cluster.changes()).toHaveLength(2)
  })

  test('-o json asks nobody either', async () => {
    expect((await shop.heal('-o', 'json')).stderr).toBe(
      'error: -o json asks nobody: --yes restarts, --dry-run shows what would be\n',
    )
    const { code, stdout, stderr } = await shop.heal('-o', 'json', '--yes')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const api = { namespace: 'shop', group: 'apps', kind: 'Deployment', name: 'api' }
    expect(JSON.parse(stdout)).toMatchObject({ dryRun: false, failed: null, left: [], healed: [api, { name: 'web' }] })
  })
})

describe('where it stops', () => {
  test('a rollout that fails: what is left, and how to go on', async () => {
    for (const name of ['a', 'b', 'c']) shop.deploy(name)
    const restarts = shop.replacePods()
    restarts.fails = 'b'
    const { code, stdout, stderr } = await shop.heal('--yes')
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        'error: deployment/b in shop: no image; nothing else is restarted; once that is put right, the same command goes on with what is left\n',
    })
    expect(stdout).toMatch(/\n\nNot restarted:\n {2}deployment\/c in shop: a restart before it did not end well\n$/)
    expect(shop.restarted()).toEqual(['a', 'b'])
    restarts.fails = ''
    shop.cluster.put(DEPLOYMENTS, { ...(shop.cluster.api.get(DEPLOYED, 'b') as Raw), status: DONE })
    expect((await shop.heal('--yes')).code).toBe(0)
    expect(shop.restarted()).toEqual(['a', 'b', 'b', 'c'])
  })

  test('Pods that are made anew and still not traced', async () => {
    for (const name of ['a', 'b']) shop.deploy(name)
    const { code, stderr } = await shop.heal('--yes')
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^error: deployment\/a in shop: it was restarted, and 1 of its 1 Pods are still not traced: linkerd-tracing explain deployment\/a -n shop; /,
    )
    expect(shop.restarted()).not.toContain('b')
  })

  test('a restart that the API server refuses in the middle of it: what is left is said all the same', async () => {
    for (const name of ['a', 'b', 'c']) shop.deploy(name)
    shop.replacePods()
    shop.cluster.api.intercepts.unshift(({ method, path, query }, response) =>
      method === 'PATCH' && path.endsWith('/b') && query['dryRun'] === undefined
        ? refuse(response, 403, 'no more')
        : false,
    )
    const { code, stdout, stderr } = await shop.heal('--yes')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error: deployment\/b in shop: cannot patch deployments "b" .*HTTP 403/)
    expect(stdout).toContain('deployment/c in shop: a restart before it did not end well')
  })

  test('an injector that is still away: nothing is restarted', async () => {
    shop.deploy('a')
    shop.cluster.decides.traced = false
    const { code, stdout, stderr } = await shop.heal('--yes', '--timeout', '0s')
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'error: new Pods of Namespace shop would not be traced: the injector does not answer; linkerd-tracing check tells why; nothing was restarted\n',
    })
  })
})

describe('what is left alone', () => {
  test('what the API server refuses, and what nobody knows of; what waits for a restart is no concern of healing', async () => {
    shop.deploy('a')
    shop.cluster.putNamespace('odd', { managedFields: [] })
    shop.cluster.put(PODS, {
      ...runningPod('doubtful'),
      metadata: { ...runningPod('doubtful').metadata, namespace: 'odd' },
    })
    const old = runningPod('old')
    shop.cluster.put(PODS, { ...old, metadata: { ...old.metadata, creationTimestamp: '2026-01-15T00:00:00Z' } })
    shop.cluster.api.intercepts.unshift(({ method }, response) =>
      method === 'PATCH' ? refuse(response, 403, 'forbidden') : false,
    )
    const { code, stdout } = await shop.heal('--yes')
    expect({ code, stdout }).toEqual({
      code: 2,
      stdout: `No workload is to be restarted.

Not restarted:
  deployment/a in shop: cannot patch deployments "a" in namespace "shop": HTTP 403: the right to patch deployments "a" in namespace "shop" is missing (forbidden)
    kubectl rollout restart -n shop deployment/a
  pod/doubtful in odd: it should be traced; when its Namespace was opted in is not known exactly enough to say why it is not (--untraced restarts it all the same)
`,
    })
  })

  test('with --untraced what nobody knows of is restarted too', async () => {
    shop.cluster.putNamespace('shop', { managedFields: [] })
    shop.deploy('a')
    shop.replacePods()
    expect((await shop.heal('--yes')).stdout).toMatch(
      /^No workload is to be restarted\.\n\nNot restarted:\n {2}deployment\/a in shop: /,
    )
    const { code, stdout } = await shop.heal('--yes', '--untraced')
    expect(code).toBe(0)
    expect(stdout).toMatch(/deployment\/a in shop restarted, and traced \(0 s\)\n$/)
  })

  test('a Namespace whose new Pods would not be traced; those of others are restarted', async () => {
    shop.deploy('a')
    shop.replacePods()
    shop.cluster.putNamespace('full')
    const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'b' }
    const made = runningPod('b', { owner })
    const pod = { ...made, metadata: { ...made.metadata, namespace: 'full' } }
    shop.cluster.put(PODS, pod)
    const selector = { matchLabels: { app: 'b' } }
    shop.cluster.put(DEPLOYMENTS, {
      metadata: { name: 'b', namespace: 'full', generation: 1 },
      spec: { replicas: 2, selector },
      status: DONE,
    })
    shop.cluster.api.intercepts.unshift(({ method, path, query }, response) => {
      if (method === 'GET' && query['labelSelector'] === 'app=b')
        return answer(response, { metadata: { resourceVersion: '1' }, items: [pod] } as Raw)
      return method === 'POST' && path.endsWith('/namespaces/full/pods')
        ? refuse(response, 403, 'exceeded quota')
        : false
    })
    const { code, stdout } = await shop.heal('--yes')
    expect(code).toBe(2)
    expect(stdout).toMatch(
      /\n {2}deployment\/b in full: cannot create pods in namespace "full": HTTP 403.*exceeded quota/,
    )
    expect(shop.restarted()).toEqual(['a'])
  })

  test('nothing at all where nothing was missed: exit code 0', async () => {
    shop.cluster.put(PODS, runningPod('a', { traced: true }))
    expect(await shop.heal('--yes')).toEqual({ code: 0, stdout: 'No workload is to be restarted.\n', stderr: '' })
  })
})

describe('what is not known is in the way', () => {
  test.each(['poddisruptionbudgets', 'horizontalpodautoscalers', 'mutatingwebhookconfigurations'])(
    'without the right to read %s nothing is restarted',
    async (plural) => {
      shop.deploy('a')
      shop.cluster.api.intercepts.unshift(({ path }, response) =>
        path.includes(`/${plural}`) ? refuse(response, 403, 'forbidden') : false,
      )
      const { code, stderr } = await shop.heal('--yes')
      expect(code).toBe(1)
      expect(stderr).toMatch(new RegExp(`^error: .*the right to \\w+ ${plural} .*is missing`))
      expect(shop.cluster.changes()).toEqual([])
    },
  )
})

test.each([
  [['--dry-run'], '--dry-run'],
  [['--yes'], '--yes'],
  [['--timeout', '5m'], '--timeout'],
  [['--untraced'], '--untraced'],
])('%j without --heal is refused', async (words, flag) => {
  const { code, stderr } = await shop.cluster.run('status', ...words)
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `error: ${flag} goes with --heal only: status itself changes nothing\n`,
  })
})

test('a timeout that is none is refused before anything is asked', async () => {
  expect((await shop.heal('--timeout', 'soon')).stderr).toBe(
    'error: --timeout soon is no duration such as 10m, 90s or 0s\n',
  )
  expect(shop.cluster.api.requests).toEqual([])
})

test('-n is a Namespace behind the command, and may be given again', async () => {
  shop.cluster.putNamespace('books')
  await shop.cluster.run('status', 'shop', '-n', 'books', '-n', 'shop')
  const asked = shop.cluster.api.requests.filter(({ path }) => path.endsWith('/pods')).map(({ path }) => path)
  expect(asked).toEqual(['/api/v1/namespaces/shop/pods', '/api/v1/namespaces/books/pods'])
})
