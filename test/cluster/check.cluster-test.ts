// `check` against a real API server: what is well comes out well, and each broken state is named for what it is.
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { CA_BUNDLE_POLICY, INJECTOR, MARK_CONFIGURATION, TRACE_CONFIGURATION } from '../../src/install/object-names.ts'
import { runInProcess } from '../cli/cli-run.ts'
import { check } from './check-run.ts'
import { accessCluster } from './cluster-access.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { type InstalledInjector, installInjector } from './installed-injector.ts'
import { loopbackService } from './review-server.ts'
import { type StandInInjector, startStandInInjector } from './stand-in-injector.ts'

const cluster = accessCluster(inject('cluster'))
const OWN = 'linkerd-tracing'
const OPTED_IN = 'checked-in'

let injector: InstalledInjector
let linkerd: StandInInjector

beforeAll(async () => {
  linkerd = await startStandInInjector(cluster)
  injector = await installInjector(cluster)
  await cluster.createNamespace({ name: OPTED_IN, labels: { 'tracing.linkerd.io/inject': 'enabled' } })
  const config = { clusterDomain: 'cluster.local', identityTrustDomain: 'cluster.local', linkerdVersion: 'edge-26.8.3' }
  await apply({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'linkerd-config', namespace: 'linkerd' },
    data: { values: JSON.stringify(config) },
  })
  await untilWell()
})
afterAll(async () => {
  await cluster.kubectl('delete', 'namespace', OPTED_IN, '--wait=false').catch(() => {})
  await cluster.kubectl('delete', 'configmap', 'linkerd-config', '-n', 'linkerd').catch(() => {})
  await injector?.uninstall()
  await linkerd?.stop()
})

async function apply(...items: readonly object[]): Promise<void> {
  await cluster.kubectlWith(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }), 'apply', '-f', '-')
}

/** Puts everything back as it was installed, and waits until the API server goes by it. */
async function heal(): Promise<void> {
  await apply(...injector.manifests, loopbackService({ namespace: OWN, name: INJECTOR }))
  await untilWell()
}

async function untilWell(): Promise<void> {
  let told: unknown
  const wait = { what: 'check to find nothing', limitMs: 60_000, context: () => JSON.stringify(told, null, 2) }
  await waitUntil(wait, async () => {
    told = (await check(cluster)).told
    return Object.keys(told as object).length === 0
  })
}

const patch = (name: string, ...operations: object[]) =>
  cluster.kubectl('patch', 'mutatingwebhookconfiguration', name, '--type=json', '-p', JSON.stringify(operations))
const remove = (kind: string, name: string, ...more: string[]) => cluster.kubectl('delete', kind, name, ...more)

test('what was installed is well, and nothing of it is changed', async () => {
  const versions = async () =>
    (
      await cluster.kubectl(
        'get',
        'mutatingwebhookconfigurations,secrets,pods',
        '-A',
        '-o',
        'jsonpath={.items[*].metadata.resourceVersion}',
      )
    ).stdout
  const before = await versions()
  const { code, fine, told } = await check(cluster)
  expect({ code, told }).toEqual({ code: 0, told: {} })
  expect(fine.length).toBeGreaterThan(20)
  expect(await versions()).toBe(before)
})

test('the table is that of Linkerd’s own check', async () => {
  const run = runInProcess(['check', '--kubeconfig', cluster.kubeconfig, '--wait=0s'])
  // There is no Deployment here.
  expect(await run.returned).toBe(1)
  const lines = run.stdout().split('\n')
  expect(lines.slice(0, 3)).toEqual(['kubernetes-api', '--------------', '√ can initialize the client'])
  expect(lines.slice(-3)).toEqual(['', 'Status check results are ×', ''])
})

interface Broken {
  readonly state: string
  readonly breakIt: () => Promise<unknown>
  /** Everything that check tells. Its order is that of the output. */
  readonly told: Readonly<Record<string, RegExp>>
}

const NO_ANSWER = /^error: .*the API server got no answer/s
const IN_VAIN = {
  'the API server reaches the injector': NO_ANSWER,
  'collector Pods get Linkerd’s proxy': /^warning: could not be checked: the injector did not answer/,
}

describe('objects that are broken', () => {
  const LENIENT = { namespaceSelector: { matchExpressions: [{ key: 'control-plane', operator: 'DoesNotExist' }] } }

  test.each<Broken>([
    {
      state: 'a configuration is gone',
      breakIt: () => remove('mutatingwebhookconfiguration', MARK_CONFIGURATION),
      told: {
        'webhook configurations exist':
          /^error: linkerd-collector-injector-webhook-config is missing\napply the manifests again/,
        'the API server reaches the injector': /got no answer.*\nthe entry mark\.tracing\.linkerd\.io is missing/,
        'collector Pods get Linkerd’s proxy': /could not be checked/,
      },
    },
    {
      state: 'an entry is gone',
      breakIt: () => patch(TRACE_CONFIGURATION, { op: 'remove', path: '/webhooks/1' }),
      told: {
        'webhook configurations have their entries':
          /^error: linkerd-tracing-injector-webhook-config has control-plane\S+; it should have, in this order: control-plane\S+, workloads/,
        'Pods of opted-in Namespaces are traced':
          /Namespace checked-in: .*\nthe entry workloads\.tracing\.linkerd\.io is missing/,
      },
    },
    {
      state: 'entries changed places',
      breakIt: () => patch(TRACE_CONFIGURATION, { op: 'move', from: '/webhooks/0', path: '/webhooks/1' }),
      told: { 'webhook configurations have their entries': /^error: \S+ has workloads\S+, control-plane/ },
    },
    {
      state: 'an entry refuses Pods while the injector is away',
      breakIt: () => patch(TRACE_CONFIGURATION, { op: 'replace', path: '/webhooks/0/failurePolicy', value: 'Fail' }),
      told: {
        'webhook entries fail open':
          /^error: control-plane\.tracing\.linkerd\.io: failurePolicy is "Fail", and should be "Ignore": a Pod would be refused/,
      },
    },
    {
      state: 'an entry is not reinvoked',
      breakIt: () =>
        patch(TRACE_CONFIGURATION, { op: 'replace', path: '/webhooks/1/reinvocationPolicy', value: 'Never' }),
      told: {
        'webhook entries are as installed':
          /^error: workloads\.tracing\.linkerd\.io: reinvocationPolicy is "Never", and should be "IfNeeded"/,
      },
    },
    {
      state: 'a selector was widened',
      breakIt: () => patch(MARK_CONFIGURATION, { op: 'replace', path: '/webhooks/0/objectSelector', value: {} }),
      told: {
        'webhook entries are as installed': /^error: mark\S+: objectSelector\.matchExpressions should have \{/,
      },
    },
    {
      state: 'somebody gave the webhook more time',
      breakIt: () => patch(MARK_CONFIGURATION, { op: 'replace', path: '/webhooks/0/timeoutSeconds', value: 10 }),
      told: { 'webhook entries are as installed': /^warning: mark\S+: timeoutSeconds is 10, and should be 3/ },
    },
    {
      state: 'AKS added its expressions: nothing is broken',
      breakIt: () =>
        patch(MARK_CONFIGURATION, {
          op: 'add',
          path: '/webhooks/0/namespaceSelector/matchExpressions/-',
          value: LENIENT.namespaceSelector.matchExpressions[0],
        }),
      told: {},
    },
    {
      state: 'another expression was added',
      breakIt: () =>
        patch(TRACE_CONFIGURATION, {
          op: 'add',
          path: '/webhooks/1/namespaceSelector/matchExpressions/-',
          value: { key: 'team', operator: 'DoesNotExist' },
        }),
      told: {
        'webhook entries are as installed':
          /^error: workloads\S+: namespaceSelector\.matchExpressions should not have \{"key":"team","operator":"DoesNotExist"\}/,
      },
    },
    {
      state: 'a right was taken away',
      breakIt: () =>
        cluster.kubectl('patch', 'clusterrole', INJECTOR, '--type=json', '-p', '[{"op":"remove","path":"/rules/0"}]'),
      told: {
        'the injector has its rights': /^error: ClusterRole linkerd-tracing-injector: rules should have \{"apiGroups"/,
      },
    },
    {
      state: 'a binding is gone',
      breakIt: () => remove('rolebinding', INJECTOR, '-n', 'linkerd'),
      told: { 'the injector has its rights': /^error: RoleBinding linkerd\/linkerd-tracing-injector is missing/ },
    },
    {
      state: 'the policy binds nobody',
      breakIt: () => remove('validatingadmissionpolicybinding', CA_BUNDLE_POLICY),
      told: {
        'the policy that limits the injector is in place': /^error: ValidatingAdmissionPolicyBinding \S+ is missing/,
      },
    },
    {
      state: 'the policy only warns',
      breakIt: () =>
        cluster.kubectl(
          'patch',
          'validatingadmissionpolicybinding',
          CA_BUNDLE_POLICY,
          '--type=merge',
          '-p',
          '{"spec":{"validationActions":["Warn"]}}',
        ),
      told: {
        'the policy that limits the injector is in place':
          /spec\.validationActions\[0\] is "Warn", and should be "Deny"/,
      },
    },
    {
      state: 'the Service is gone',
      breakIt: () => remove('service', INJECTOR, '-n', OWN),
      told: {
        'webhook entries lead to a Service that is there':
          /^error: Service linkerd-tracing\/linkerd-tracing-injector is missing/,
        ...IN_VAIN,
        'Pods of the control plane are traced': /Service linkerd-tracing\/linkerd-tracing-injector is missing/,
        'Pods of opted-in Namespaces are traced': NO_ANSWER,
      },
    },
    {
      state: 'the Service has another port and no Pod behind it',
      breakIt: async () => {
        await remove('service', INJECTOR, '-n', OWN)
        const metadata = { name: INJECTOR, namespace: OWN }
        await apply({
          apiVersion: 'v1',
          kind: 'Service',
          metadata,
          spec: { ports: [{ port: 4443 }], selector: { a: 'b' } },
        })
      },
      told: {
        'webhook entries lead to a Service that is there':
          /^error: mark\S+ leads to port \d+ of the Service, which has: 4443/,
        ...IN_VAIN,
        'Pods of the control plane are traced': /no injector Pod is ready: kubectl get pods -n linkerd-tracing/,
        'Pods of opted-in Namespaces are traced': NO_ANSWER,
      },
    },
  ])('$state', async ({ breakIt, told }) => {
    await breakIt()
    try {
      await expectTold(told)
    } finally {
      // a Service's type cannot be applied over another's clusterIP
      if (told['webhook entries lead to a Service that is there'])
        await remove('service', INJECTOR, '-n', OWN, '--ignore-not-found')
      await heal()
    }
  })
})

/** A change of a configuration comes into force a moment later: until then a dry run still shows what was before. */
async function expectTold(wanted: Readonly<Record<string, RegExp>>, ...words: string[]): Promise<void> {
  let said = await check(cluster, ...words)
  await waitUntil({ what: 'the change to come into force', limitMs: 10_000 }, async () => {
    said = await check(cluster, ...words)
    return Object.keys(said.told).join() === Object.keys(wanted).join()
  }).catch(() => {})
  expect(said.told).toEqual(
    Object.fromEntries(Object.entries(wanted).map(([description, text]) => [description, expect.stringMatching(text)])),
  )
  expect(said.code).toBe(Object.values(said.told).some((text) => text.startsWith('error')) ? 1 : 0)
}

describe('around the webhook', () => {
  test('Linkerd’s configuration has a name that is called first, or last', async () => {
    const { stdout } = await cluster.kubectl(
      'get',
      'mutatingwebhookconfiguration',
      'linkerd-proxy-injector-webhook-config',
      '-o',
      'json',
    )
    const { webhooks } = JSON.parse(stdout)
    const inert = webhooks.map((entry: object) => ({ ...entry, objectSelector: { matchLabels: { nobody: 'at-all' } } }))
    const named = (name: string) => ({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name },
      webhooks: inert,
    })
    try {
      await apply(named('a-linkerd'), named('z-linkerd'))
      await expectTold({
        'webhook configurations are called before and after Linkerd’s own':
          /^error: linkerd-collector\S+ is called after a-linkerd: the collector gets no proxy\nlinkerd-tracing\S+ is called before z-linkerd: it sees Pods without their proxy$/,
      })
    } finally {
      await cluster.kubectl('delete', 'mutatingwebhookconfiguration', 'a-linkerd', 'z-linkerd')
    }
  })

  test('settings of the Namespace that no proxy would take: told with the reason, and not called ours', async () => {
    await cluster.kubectl('annotate', 'namespace', OPTED_IN, 'config.linkerd.io/trace-collector=http://nowhere')
    try {
      await expectTold({
        'Pods of opted-in Namespaces are traced':
          /^warning: a Pod of Namespace checked-in is skipped \(invalid-setting\)/,
      })
    } finally {
      await cluster.kubectl('annotate', 'namespace', OPTED_IN, 'config.linkerd.io/trace-collector-')
      await untilWell()
    }
  })

  test('no Namespace is opted in: that cannot be checked, and is no failure', async () => {
    await cluster.kubectl('label', 'namespace', OPTED_IN, 'tracing.linkerd.io/inject-')
    try {
      await expectTold({
        'Pods of opted-in Namespaces are traced':
          /^warning: could not be checked: no Namespace is opted in yet: kubectl label/,
      })
    } finally {
      await cluster.kubectl('label', 'namespace', OPTED_IN, 'tracing.linkerd.io/inject=enabled')
      await untilWell()
    }
  })

  test('a control plane that opted out is not asked about', async () => {
    await cluster.kubectl('label', 'namespace', 'linkerd', 'tracing.linkerd.io/inject=disabled')
    try {
      const { fine, told } = await check(cluster)
      expect(told).toEqual({})
      expect(fine).not.toContain('Pods of the control plane are traced')
    } finally {
      await cluster.kubectl('label', 'namespace', 'linkerd', 'tracing.linkerd.io/inject-')
    }
  })

  test('the injector’s own arguments say what was wanted: an entry that is not there is missed', async () => {
    const labels = { app: 'checked' }
    const container = {
      name: 'injector',
      image: 'app.invalid/app',
      args: ['serve', '--certs=self-managed', '--control-plane', 'true'],
    }
    const template = { metadata: { labels }, spec: { containers: [container] } }
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: INJECTOR, namespace: OWN },
      spec: { replicas: 0, selector: { matchLabels: labels }, template },
    }
    await patch(TRACE_CONFIGURATION, { op: 'remove', path: '/webhooks/0' })
    try {
      await expectTold({})
      await apply(deployment)
      await expectTold({
        'webhook configurations have their entries': /has workloads\S+; it should have, in this order: control-plane/,
        'Pods of the control plane are traced': /the entry control-plane\.tracing\.linkerd\.io is missing/,
      })
    } finally {
      await remove('deployment', INJECTOR, '-n', OWN, '--ignore-not-found')
      await heal()
    }
  })

  test('whoever may read nothing is told what could not be checked, and never √', async () => {
    const { code, fine, told } = await check(cluster, '--as=nobody')
    expect(fine).toEqual([
      'can initialize the client',
      'can query the Kubernetes API',
      'is running the minimum Kubernetes API version',
      'ValidatingAdmissionPolicy is served',
    ])
    expect(code).toBe(0)
    for (const text of Object.values(told)) {
      expect(text).toMatch(
        /^warning: could not be checked: .*the right to \S+ mutatingwebhookconfigurations .*is missing/,
      )
    }
    expect(Object.keys(told).length).toBeGreaterThan(15)
  })
})

describe('servers that are away', () => {
  test('the injector: the API server gets no answer, and waiting helps once it is back', async () => {
    await injector.process().end('SIGKILL')
    await expectTold({
      ...IN_VAIN,
      'Pods of the control plane are traced':
        /^error: Namespace linkerd: .*no answer.*\nits log tells whether it was called/s,
      'Pods of opted-in Namespaces are traced': NO_ANSWER,
    })
    const waiting = check(cluster, '--wait=60s')
    await injector.start()
    expect(await waiting).toMatchObject({ code: 0, told: {} })
  })

  test('Linkerd’s: the collector would get no proxy', async () => {
    await linkerd.closeServer()
    try {
      await expectTold({
        'collector Pods get Linkerd’s proxy':
          /^error: marked: Linkerd is asked to inject its proxy.*, and it added none: /,
      })
    } finally {
      await linkerd.stop()
      linkerd = await startStandInInjector(cluster)
    }
    await untilWell()
  })

  test('without Linkerd’s configuration the order could not be checked', async () => {
    await linkerd.stop()
    try {
      await expectTold({
        'webhook configurations are called before and after Linkerd’s own':
          /^warning: could not be checked: no webhook configuration leads to a Service linkerd-proxy-injector/,
        'collector Pods get Linkerd’s proxy': /^error/,
      })
    } finally {
      linkerd = await startStandInInjector(cluster)
    }
    await untilWell()
  })
})

describe('check --pre', () => {
  const LEFT = [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'old-jaeger', labels: { 'linkerd.io/extension': 'jaeger' } },
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'old-jaeger', labels: { 'linkerd.io/extension': 'jaeger' } },
      rules: [],
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: 'linkerd-jaeger-injector-webhook-config' },
      webhooks: [],
    },
  ]
  const NO_POLICIES = {
    'Linkerd’s policy resources are served': /^warning: policy\.linkerd\.io\/v1beta1 has no ServerAuthorization/,
  }

  test('Linkerd is there, and nothing of its former extension', () => expectTold(NO_POLICIES, '--pre'))

  test('the former extension left something: each thing is named, with the command that removes it', async () => {
    await apply(...LEFT)
    try {
      await expectTold(
        {
          ...NO_POLICIES,
          'the webhook of linkerd-jaeger is gone':
            /^warning: .*\nkubectl delete mutatingwebhookconfiguration linkerd-jaeger-injector-webhook-config$/,
          'no Namespaces of linkerd-jaeger are left':
            /^warning: there are: old-jaeger\nkubectl delete namespaces -l linkerd\.io\/extension=jaeger$/,
          'no ClusterRoles of linkerd-jaeger are left': /^warning: there are: old-jaeger\n/,
        },
        '--pre',
      )
    } finally {
      await cluster.kubectlWith(
        JSON.stringify({ apiVersion: 'v1', kind: 'List', items: LEFT }),
        'delete',
        '--wait=false',
        '-f',
        '-',
      )
    }
  })

  test('Linkerd is elsewhere', () =>
    expectTold(
      {
        'Linkerd is installed':
          /^error: ConfigMap default\/linkerd-config is not there: -L names the namespace of Linkerd/,
        'Linkerd’s version is supported': /^warning: could not be checked/,
        ...NO_POLICIES,
      },
      '--pre',
      '-L',
      'default',
    ))

  test('Linkerd is older than what is supported', async () => {
    const set = (version: string) =>
      cluster.kubectl(
        'patch',
        'configmap',
        'linkerd-config',
        '-n',
        'linkerd',
        '-p',
        JSON.stringify({ data: { values: `linkerdVersion: ${version}` } }),
      )
    await set('stable-2.13.7')
    try {
      await expectTold(
        { 'Linkerd’s version is supported': /^warning: this is stable-2\.13\.7; 2\.14 or newer/, ...NO_POLICIES },
        '--pre',
      )
    } finally {
      await set('edge-26.8.3')
    }
  })

  test('whoever may not install is told which right is missing, for each kind', async () => {
    const { code, told } = await check(cluster, '--pre', '--as=nobody')
    expect(code).toBe(1)
    expect(told['can create ClusterRoles']).toBe(
      'error: the right to create clusterroles.rbac.authorization.k8s.io is missing',
    )
    expect(told['can create Roles']).toMatch(
      /in namespace linkerd-tracing is missing\n.*in namespace linkerd is missing$/,
    )
    expect(Object.values(told).filter((text) => text.startsWith('error: the right to create ')).length).toBe(15)
  })
})

test('nothing is installed: that is the end of it', async () => {
  await injector.uninstall()
  await waitUntil(
    { what: 'it to be gone', limitMs: 10_000 },
    async () => 'linkerd-tracing is installed' in (await check(cluster)).told,
  )
  const { code, fine, told } = await check(cluster)
  expect(code).toBe(1)
  expect(Object.keys(told)).toEqual(['linkerd-tracing is installed'])
  expect(told['linkerd-tracing is installed']).toContain('linkerd-tracing install | kubectl apply -f -')
  expect(fine).toHaveLength(4)
  injector = await installInjector(cluster)
  await untilWell()
})
