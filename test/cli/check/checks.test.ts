import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MARK_CONFIGURATION, TRACE_CONFIGURATION } from '../../../src/install/object-names.ts'
import { runInProcess } from '../cli-run.ts'
import { ADMISSION, CONFIGURATIONS, SERVICES, type ServedCluster, serveCluster } from './served-cluster.ts'

let cluster: ServedCluster
beforeEach(async () => {
  cluster = await serveCluster()
})
afterEach(() => cluster.close())

interface Line {
  readonly description: string
  readonly result: string
  readonly error?: string
}

async function check(...words: string[]) {
  const run = runInProcess(['check', '--kubeconfig', cluster.kubeconfig, '--wait=0s', '-o', 'json', ...words])
  const code = await run.returned
  const { categories } = JSON.parse(run.stdout()) as { categories: { checks: Line[] }[] }
  const lines = categories.flatMap(({ checks }) => checks)
  const of = (description: string) => {
    const { result, error } = lines.find((line) => line.description === description) ?? { result: 'not there' }
    return error === undefined ? result : `${result}: ${error}`
  }
  return { code, of, lines, stderr: run.stderr() }
}

const API = 'can query the Kubernetes API'
const VERSION = 'is running the minimum Kubernetes API version'
const POLICY = 'ValidatingAdmissionPolicy is served'
const INSTALLED = 'linkerd-tracing is installed'
const REACHED = 'the API server reaches the injector'
const PROXY = 'collector Pods get Linkerd’s proxy'
const CONTROL_PLANE = 'Pods of the control plane are traced'
const WORKLOADS = 'Pods of opted-in Namespaces are traced'
const ENTRIES = 'webhook configurations have their entries'
const SERVICE = 'webhook entries lead to a Service that is there'

describe('kubernetes-api', () => {
  test('the API server does not answer: nothing else is checked', async () => {
    await cluster.close()
    const { code, lines } = await check()
    expect(code).toBe(1)
    expect(lines.map(({ description }) => description)).toEqual(['can initialize the client', API])
    expect(lines[1]?.error).toMatch(/^no answer from the API server http:.*ECONNREFUSED/)
    cluster = await serveCluster()
  })

  test('it refuses who asks', async () => {
    cluster.refusals.set('/version', { status: 401, message: 'Unauthorized' })
    expect((await check()).of(API)).toBe('error: cannot get version: HTTP 401 (Unauthorized)')
  })

  test.each([
    ['v1.29.14-eks-1', 'error: the API server is v1.29.14-eks-1; v1.30 or newer is needed'],
    ['v1.30.0', 'success'],
    ['v1.30.4-gke.1', 'success'],
    ['v2.0.0', 'success'],
    ['what', 'error: the API server tells no version: "what"'],
  ])('version %s: %s', async (gitVersion, told) => {
    cluster.objects.set('/version', { gitVersion })
    expect((await check()).of(VERSION)).toBe(told)
  })

  test.each([[{ resources: [] }], [undefined]])('without ValidatingAdmissionPolicy: %j', async (resources) => {
    if (resources === undefined) cluster.objects.delete(ADMISSION)
    else cluster.objects.set(ADMISSION, resources)
    expect((await check()).of(POLICY)).toMatch(
      /^error: admissionregistration\.k8s\.io\/v1 has no ValidatingAdmissionPolicy/,
    )
  })
})

describe('the layout is read off the cluster', () => {
  const deploy = (args: readonly string[], env: readonly object[] = []) =>
    cluster.objects.set('/apis/apps/v1/namespaces/linkerd-tracing/deployments/linkerd-tracing-injector', {
      spec: { template: { spec: { containers: [{ args, env }] } } },
    })
  const table = async () => {
    const run = runInProcess(['check', '--kubeconfig', cluster.kubeconfig, '--wait=0s'])
    await run.returned
    return run.stdout()
  }

  test('by the objects', async () => {
    expect(await table()).toContain(`√ ${INSTALLED} (Namespace linkerd-tracing, certificates self-managed)`)
    await cluster.close()
    cluster = await serveCluster({ allNamespaces: true, controlPlane: false, certs: 'files', namespace: 'other' })
    const { of, lines } = await check()
    expect(of(INSTALLED)).toBe('success')
    expect(
      lines.filter(({ description }) => description.startsWith('webhook')).map(({ result }) => result),
    ).not.toContain('error')
  })

  test.each<[string, readonly string[], readonly object[]]>([
    ['--flag=value', ['serve', '--all-namespaces=true'], []],
    ['--flag value', ['serve', '--all-namespaces', 'true'], []],
    ['--flag', ['serve', '--all-namespaces', '--control-plane'], []],
    ['the last of two', ['--all-namespaces=false', '--all-namespaces'], []],
    ['a variable', ['serve'], [{ name: 'LINKERD_TRACING_ALL_NAMESPACES', value: 'true' }]],
    [
      'a flag over its variable',
      ['--all-namespaces=true'],
      [{ name: 'LINKERD_TRACING_ALL_NAMESPACES', value: 'false' }],
    ],
  ])('by what the injector is told: %s', async (_how, args, env) => {
    deploy(args, env)
    expect((await check()).of('webhook entries are as installed')).toMatch(
      /workloads\.tracing\.linkerd\.io: namespaceSelector\.matchExpressions\[0\]\.operator is "In", and should be "NotIn"/,
    )
  })

  test('cert-manager in Linkerd’s own namespace cannot be', async () => {
    await cluster.close()
    cluster = await serveCluster({ namespace: 'linkerd' })
    const { metadata } = cluster.objects.get(`${CONFIGURATIONS}/${MARK_CONFIGURATION}`)
    metadata.annotations = { 'cert-manager.io/inject-ca-from': 'a/b' }
    expect((await check()).of(INSTALLED)).toMatch(
      /^error: cert-manager cannot be used in Linkerd’s own namespace \(linkerd\)/,
    )
  })

  test('both configurations are gone: the rights tell where it was', async () => {
    for (const name of [MARK_CONFIGURATION, TRACE_CONFIGURATION]) cluster.objects.delete(`${CONFIGURATIONS}/${name}`)
    const { of } = await check()
    expect(of(INSTALLED)).toBe('success')
    expect(of('webhook configurations exist')).toMatch(
      /linkerd-collector\S+ is missing\nlinkerd-tracing\S+ is missing\napply/,
    )
  })

  test('the Namespace alone is left, known by Linkerd’s label of extensions', async () => {
    for (const path of cluster.objects.keys())
      if (/linkerd-(tracing|collector)-injector/.test(path)) cluster.objects.delete(path)
    expect((await check()).of(INSTALLED)).toMatch(/^error: nothing of it is in the cluster/)
    cluster.objects.get('/api/v1/namespaces/linkerd-tracing').metadata.labels = { 'linkerd.io/extension': 'tracing' }
    const { of } = await check()
    expect(of(INSTALLED)).toBe('success')
    expect(of('webhook configurations exist')).toMatch(/^error/)
  })
})

describe('an entry', () => {
  test('that is there twice, or none at all', async () => {
    const configuration = cluster.objects.get(`${CONFIGURATIONS}/${MARK_CONFIGURATION}`)
    configuration.webhooks.push(configuration.webhooks[0])
    expect((await check()).of(ENTRIES)).toMatch(/has mark\S+, mark\S+; it should have, in this order: mark\S+\n/)
    configuration.webhooks = []
    expect((await check()).of(ENTRIES)).toMatch(/linkerd-collector\S+ has no entry; it should have/)
  })

  test('leads to a port that the Service has not', async () => {
    cluster.objects.get(`${SERVICES}/linkerd-tracing-injector`).spec.ports = []
    expect((await check()).of(SERVICE)).toMatch(/^error: mark\S+ leads to port 443 of the Service, which has: none/)
  })
})

describe('the webhook is asked by a dry run', () => {
  const SLICES = '/apis/discovery.k8s.io/v1/namespaces/linkerd-tracing/endpointslices'
  const slice = (endpoints: readonly object[]) =>
    cluster.objects.set(`${SLICES}/a`, {
      metadata: { labels: { 'kubernetes.io/service-name': 'linkerd-tracing-injector' } },
      endpoints,
    })
  const trust = () => {
    for (const name of [MARK_CONFIGURATION, TRACE_CONFIGURATION]) {
      for (const entry of cluster.objects.get(`${CONFIGURATIONS}/${name}`).webhooks)
        entry.clientConfig.caBundle = 'eA=='
    }
  }

  test('and answers', async () => {
    const { of } = await check()
    expect([REACHED, PROXY, CONTROL_PLANE, WORKLOADS].map(of)).toEqual(Array(4).fill('success'))
    const asked = cluster.requests.filter((request) => request.startsWith('POST'))
    expect(new Set(asked)).toEqual(
      new Set(['linkerd-tracing', 'linkerd', 'shop'].map((name) => `POST /api/v1/namespaces/${name}/pods`)),
    )
  })

  test('nobody answers: why', async () => {
    cluster.injectorAnswers = false
    expect((await check()).of(REACHED)).toMatch(/\nmark\.tracing\.linkerd\.io has no caBundle$/)
    trust()
    expect((await check()).of(REACHED)).toMatch(/\nno injector Pod is ready: kubectl get pods -n linkerd-tracing$/)
    slice([{ conditions: { ready: false } }])
    expect((await check()).of(WORKLOADS)).toMatch(/\nno injector Pod is ready/)
    slice([{ conditions: { ready: true } }, { conditions: {} }, { conditions: { ready: false } }])
    expect((await check()).of(CONTROL_PLANE)).toMatch(
      /\n2 injector Pods are ready; its log tells whether it was called/,
    )
    cluster.objects.get(`${SERVICES}/linkerd-tracing-injector`).spec = { type: 'ExternalName' }
    expect((await check()).of(REACHED)).toMatch(/\nits log tells/)
    cluster.objects.delete(`${SERVICES}/linkerd-tracing-injector`)
    expect((await check()).of(REACHED)).toMatch(/\nService linkerd-tracing\/linkerd-tracing-injector is missing$/)
  })

  test('Linkerd’s injector added no proxy', async () => {
    cluster.linkerdAnswers = false
    expect((await check()).of(PROXY)).toMatch(/^error: marked: .*, and it added none/)
  })

  test('the API server refuses the Pod: could not be checked', async () => {
    cluster.refusals.set('/api/v1/namespaces/shop/pods', { status: 400, message: 'webhook does not support dry run' })
    const { code, of } = await check()
    expect(of(WORKLOADS)).toMatch(/^warning: could not be checked: .*HTTP 400 \(webhook does not support dry run\)$/)
    expect(of(REACHED)).toBe('success')
    expect(code).toBe(1) // for want of certificates
  })

  test('with all Namespaces in, in our own', async () => {
    await cluster.close()
    cluster = await serveCluster({ allNamespaces: true })
    expect((await check()).of(WORKLOADS)).toBe('success')
    expect(cluster.requests).not.toContain('POST /api/v1/namespaces/shop/pods')
  })

  test('Namespaces that end, are Kubernetes’ own or Linkerd’s are passed over', async () => {
    const at = (name: string) => `/api/v1/namespaces/${name}`
    const labels = { 'tracing.linkerd.io/inject': 'enabled' }
    cluster.objects.set(at('ending'), { metadata: { name: 'ending', labels }, status: { phase: 'Terminating' } })
    for (const name of ['kube-system', 'linkerd']) cluster.objects.set(at(name), { metadata: { name, labels } })
    await check()
    expect(
      cluster.requests.filter((request) => request.startsWith('POST')).map((request) => request.split('/')[4]),
    ).toEqual(['linkerd-tracing', 'linkerd-tracing', 'linkerd', 'shop'])
  })

  test('Linkerd is in another namespace than -L says', async () => {
    cluster.objects.delete('/api/v1/namespaces/linkerd')
    expect((await check()).of(CONTROL_PLANE)).toMatch(
      /^warning: could not be checked: Namespace linkerd is not there: -L/,
    )
  })
})

describe('flags', () => {
  test('as linkerd check hands its own on', async () => {
    const flags = [
      '--api-addr=x:1',
      '--as=jane',
      '--as-group=[dev,ops]',
      '--verbose=false',
      '--proxy=false',
      '--wait=0m0s',
    ]
    const { code, lines, stderr } = await check(
      ...flags,
      '--namespace=a',
      '--linkerd-namespace=linkerd',
      '--new-flag=1',
      '--other',
      'x',
    )
    expect(code).toBe(1)
    expect(lines.length).toBeGreaterThan(15)
    expect(stderr).toBe('')
    expect(cluster.headers[0]).toMatchObject({ 'impersonate-user': 'jane', 'impersonate-group': 'dev, ops' })
    await check('--as-group=[]', '--as-group', 'one')
    expect(cluster.headers.at(-1)).toMatchObject({ 'impersonate-group': 'one' })
  })

  test('--verbose tells what was asked, on stderr', async () => {
    const { stderr } = await check('--verbose')
    expect(stderr).toMatch(/^get version: ok\n/)
    expect(stderr).toMatch(/^cannot get deployments "linkerd-tracing-injector".*: HTTP 404/m)
  })

  test('--pre is another list, and does not say that it is installed', async () => {
    cluster.lacking.add('clusterroles')
    const { code, of } = await check('--pre=true')
    expect(code).toBe(1)
    expect(of('can create ClusterRoles')).toMatch(/^error: the right to create clusterroles\.rbac/)
    expect(of('can create Secrets')).toBe('success')
    expect(of(INSTALLED)).toBe('not there')
  })

  test.each([
    [['--wait', '5'], /^error: --wait 5 is no duration such as 5m, 90s or 0s\n$/],
    [
      ['-o', 'wide'],
      /^error: option '-o, --output <format>' argument 'wide' is invalid\. Allowed choices are table, json, short\./,
    ],
    [
      ['--pre=maybe'],
      /^error: option '--pre \[true\|false\]' argument 'maybe' is invalid\. Only true and false are allowed\./,
    ],
  ])('%j: a mistake', async (words, message) => {
    const run = runInProcess(['check', '--kubeconfig', cluster.kubeconfig, ...words])
    expect(await run.returned).toBe(1)
    expect({ stdout: run.stdout(), stderr: run.stderr() }).toEqual({
      stdout: '',
      stderr: expect.stringMatching(message),
    })
  })

  test('a kubeconfig that cannot be read is a check that fails, not an error of the program', async () => {
    const run = runInProcess(['check', '--kubeconfig', '/nowhere'])
    expect(await run.returned).toBe(1)
    expect(run.stdout()).toMatch(
      /^kubernetes-api\n-{14}\n× can initialize the client\n {4}kubeconfig \/nowhere cannot be read/,
    )
    expect(run.stdout()).toMatch(/\nStatus check results are ×\n$/)
  })
})

describe('on a terminal', () => {
  test.each([
    [{}, {}, false],
    [{ isTTY: true }, {}, true],
    [{ isTTY: true }, { NO_COLOR: '1' }, false],
  ])('%j with %j: colours %s', async (terminal, env, hasColour) => {
    const run = runInProcess(['check', '--kubeconfig', cluster.kubeconfig, '--wait=0s'], env, terminal)
    await run.returned
    expect(run.stdout().includes('\u001b[32;1m√')).toBe(hasColour)
  })
})
