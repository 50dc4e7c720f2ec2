// The control plane's Namespace is never printed, also where it is not called linkerd and nobody said so.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ServedCluster, serveCluster } from '../check/served-cluster.ts'
import { runInProcess } from '../cli-run.ts'

const PATH = '/api/v1/namespaces/mesh'

let cluster: ServedCluster
beforeAll(async () => {
  cluster = await serveCluster()
  cluster.objects.set(PATH, { metadata: { name: 'mesh', labels: { 'linkerd.io/is-control-plane': 'true' } } })
})
afterAll(() => cluster.close())

async function run(...words: string[]) {
  const one = runInProcess([...words, '--policy', 'on', '--kubeconfig', cluster.kubeconfig])
  return { code: await one.returned, stdout: one.stdout(), stderr: one.stderr() }
}

describe.each(['install', 'uninstall'])('%s', (command) => {
  test('into a control plane’s Namespace that is not said to be one is refused', async () => {
    expect(await run(command, '-n', 'mesh')).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'error: namespace = "mesh": is that of Linkerd’s control plane, which is never among our manifests; say --linkerd-namespace mesh too\n',
    })
  })

  test('said to be one, it is not printed', async () => {
    const { code, stdout } = await run(command, '-n', 'mesh', '-L', 'mesh')
    expect(code).toBe(0)
    expect(stdout).not.toMatch(/^kind: Namespace$/m)
    expect(stdout).toMatch(/^kind: Deployment$/m)
  })

  test('any other Namespace is taken, also when it cannot be read', async () => {
    expect(await run(command, '-n', 'tracing')).toMatchObject({ code: 0 })
    cluster.refusals.set('/api/v1/namespaces/closed', { status: 403, message: 'forbidden' })
    const { code, stdout } = await run(command, '-n', 'closed')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^kind: Namespace$/m)
  })
})

test('for the usual Namespaces nothing is asked', async () => {
  cluster.requests.length = 0
  await run('install')
  await run('install', '-n', 'linkerd')
  expect(cluster.requests).toEqual([])
})
