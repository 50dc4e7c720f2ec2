import { writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { isClusterChosen } from '../../src/kubernetes/cluster-choice.ts'
import { findCluster } from '../../src/kubernetes/find-cluster.ts'
import { newFolder } from '../cli/cli-run.ts'

async function kubeconfig(names: readonly string[], file = 'config'): Promise<string> {
  const path = join(await newFolder(), file)
  await writeFile(
    path,
    stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: names.map((name) => ({ name, cluster: { server: `https://${name}.example` } })),
      users: names.map((name) => ({ name, user: { token: 'secret' } })),
      contexts: names.map((name) => ({ name, context: { cluster: name, user: name } })),
      'current-context': names[0],
    }),
  )
  return path
}

const serverOf = (choice: Parameters<typeof findCluster>[0]) => findCluster(choice).getCurrentCluster()?.server

describe('a cluster is chosen', () => {
  test.each([
    [{ env: {} }, false],
    [{ env: { KUBERNETES_SERVICE_HOST: '' } }, false],
    // kubectl's own: what lies around on a developer's machine is not taken
    [{ env: { KUBECONFIG: '/x', HOME: '/root' } }, false],
    [{ env: { KUBERNETES_SERVICE_HOST: '10.96.0.1' } }, true],
    [{ env: {}, kubeconfig: 'x' }, true],
    [{ env: {}, context: 'x' }, true],
  ])('%j: %s', (choice, isChosen) => {
    expect(isClusterChosen(choice)).toBe(isChosen)
  })
})

describe('a kubeconfig', () => {
  test('gives its current context, or the one that is named', async () => {
    const file = await kubeconfig(['a', 'b'])
    expect(serverOf({ kubeconfig: file, env: {} })).toBe('https://a.example')
    expect(serverOf({ kubeconfig: file, context: 'b', env: {} })).toBe('https://b.example')
  })

  test('counts before the cluster that we run in', async () => {
    const env = { KUBERNETES_SERVICE_HOST: '10.96.0.1' }
    expect(serverOf({ kubeconfig: await kubeconfig(['a']), env })).toBe('https://a.example')
  })

  test('a context alone is looked up where kubectl looks: KUBECONFIG, a list of files, then the home folder', async () => {
    const [first, second] = [await kubeconfig(['a']), await kubeconfig(['b'])]
    const env = { KUBECONFIG: [first, second].join(delimiter), HOME: '/nowhere' }
    expect(serverOf({ context: 'b', env })).toBe('https://b.example')
    expect(() => findCluster({ context: 'b', env: { HOME: '/nowhere' } })).toThrow(
      /^kubeconfig \/nowhere\/\.kube\/config cannot be read: ENOENT/,
    )
  })

  test('that cannot be read is told by its name; one without such a context says which there are', async () => {
    const file = await kubeconfig(['a', 'b'])
    const broken = join(await newFolder(), 'broken')
    await writeFile(broken, 'clusters: [')
    expect(() => findCluster({ kubeconfig: '/nowhere/x', env: {} })).toThrow(/^kubeconfig \/nowhere\/x cannot be read/)
    expect(() => findCluster({ kubeconfig: broken, env: {} })).toThrow(`kubeconfig ${broken} cannot be read`)
    expect(() => findCluster({ kubeconfig: file, context: 'c', env: {} })).toThrow(
      `kubeconfig ${file}: no cluster for context "c"; there are: a, b`,
    )
  })

  test('that names no cluster at all says so', async () => {
    const file = await kubeconfig([])
    expect(() => findCluster({ kubeconfig: file, env: {} })).toThrow('no cluster for context ""; there are: none')
  })
})

describe('in a Pod', () => {
  const account = async () => {
    const folder = await newFolder()
    for (const name of ['ca.crt', 'token']) await writeFile(join(folder, name), 'x')
    return folder
  }

  test.each([
    ['10.96.0.1', '6443', 'https://10.96.0.1:6443'],
    ['fd00::1', '443', 'https://[fd00::1]:443'],
    ['kubernetes.default', undefined, 'https://kubernetes.default:443'],
  ])('the API server is at %s, port %s', async (host, port, server) => {
    const env = { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port }
    expect(serverOf({ env, serviceAccountDirectory: await account() })).toBe(server)
  })

  test('without a ServiceAccount’s files the reason is told', async () => {
    const folder = await newFolder()
    const env = { KUBERNETES_SERVICE_HOST: '10.96.0.1' }
    expect(() => findCluster({ env, serviceAccountDirectory: folder })).toThrow(
      `KUBERNETES_SERVICE_HOST says that this is a Pod, but ${join(folder, 'ca.crt')} cannot be read: does the Pod have automountServiceAccountToken: false?`,
    )
  })
})
