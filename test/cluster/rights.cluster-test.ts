import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { caBundlePolicy } from '../../src/install/ca-bundle-policy.ts'
import { injectorManifests } from '../../src/install/injector-manifests.ts'
import type { InstallLayout } from '../../src/install/layout.ts'
import {
  CA_BUNDLE_POLICY,
  CERTIFICATE_SECRET,
  INJECTOR,
  MARK_CONFIGURATION,
  TRACE_CONFIGURATION,
} from '../../src/install/object-names.ts'
import { accessCluster } from './cluster-access.ts'
import { waitUntil } from './control-plane/wait-until.ts'

// The seed layout has the most entries, and so the most to protect. Its namespaces are this file's own.
const LAYOUT: InstallLayout = {
  namespace: 'rights',
  linkerdNamespace: 'rights',
  allNamespaces: false,
  controlPlane: true,
  certs: 'self-managed',
}
const FOREIGN = 'someone-elses-webhook-config'
const BUNDLE = Buffer.from('-----BEGIN CERTIFICATE-----').toString('base64')

const cluster = accessCluster(inject('cluster'))
const as = `system:serviceaccount:${LAYOUT.namespace}:${INJECTOR}`

type Raw = Record<string, unknown>

function list(items: readonly unknown[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
}

/** Patches as the injector's ServiceAccount; gives what kubectl said. */
async function patchAs(
  name: string,
  operations: readonly Raw[],
  kind = 'mutatingwebhookconfiguration',
): Promise<string> {
  const args = ['patch', kind, name, '--type=json', '-p', JSON.stringify(operations), `--as=${as}`]
  return cluster.kubectl(...args).then(
    () => 'allowed',
    (error) => String(error.stderr),
  )
}

const manifests = injectorManifests(LAYOUT) as Raw[]

beforeAll(async () => {
  await cluster.createNamespace({ name: LAYOUT.namespace })
  const foreign = { ...(manifests.at(-1) as Raw), metadata: { name: FOREIGN } }
  // no webhook of this file may be called for the Pods of others
  const inert = (manifest: Raw) =>
    manifest['kind'] === 'MutatingWebhookConfiguration'
      ? {
          ...manifest,
          webhooks: (manifest['webhooks'] as Raw[]).map((entry) => ({ ...entry, objectSelector: NOBODY })),
        }
      : manifest
  await cluster.kubectlWith(list([...manifests, foreign].map(inert)), 'apply', '-f', '-')
  // a policy comes into force a moment after it was applied; each try asks for another change, as one might still pass
  let seconds = 4
  await waitUntil({ what: 'the policy to be in force', limitMs: 30_000 }, async () => {
    const operation = { op: 'replace', path: '/webhooks/0/timeoutSeconds', value: seconds++ }
    return (await patchAs(TRACE_CONFIGURATION, [operation])).includes(CA_BUNDLE_POLICY)
  })
})

afterAll(async () => {
  await cluster.kubectlWith(
    list([
      ...manifests,
      {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'MutatingWebhookConfiguration',
        metadata: { name: FOREIGN },
      },
    ]),
    'delete',
    '--ignore-not-found',
    '-f',
    '-',
  )
})

const NOBODY = { matchLabels: { nobody: 'at-all' } }

describe('the injector’s ServiceAccount, with the shipped roles and policy', () => {
  test.each([MARK_CONFIGURATION, TRACE_CONFIGURATION])('may change the bundle of each entry of %s', async (name) => {
    for (const index of [0, 1]) {
      expect(
        await patchAs(name, [{ op: 'add', path: `/webhooks/${index}/clientConfig/caBundle`, value: BUNDLE }]),
      ).toBe('allowed')
    }
  })

  test.each<[string, Raw]>([
    ['name', { op: 'replace', path: '/webhooks/0/name', value: 'other.tracing.linkerd.io' }],
    ['clientConfig.service', { op: 'replace', path: '/webhooks/0/clientConfig/service/namespace', value: 'evil' }],
    [
      'clientConfig.service',
      { op: 'replace', path: '/webhooks/0/clientConfig', value: { url: 'https://127.0.0.1:1/' } },
    ],
    ['rules', { op: 'add', path: '/webhooks/0/rules/0/resources/-', value: 'secrets' }],
    ['failurePolicy', { op: 'replace', path: '/webhooks/0/failurePolicy', value: 'Fail' }],
    ['matchPolicy', { op: 'replace', path: '/webhooks/0/matchPolicy', value: 'Exact' }],
    ['namespaceSelector', { op: 'replace', path: '/webhooks/0/namespaceSelector', value: {} }],
    ['objectSelector', { op: 'replace', path: '/webhooks/0/objectSelector', value: {} }],
    ['sideEffects', { op: 'replace', path: '/webhooks/0/sideEffects', value: 'NoneOnDryRun' }],
    ['timeoutSeconds', { op: 'replace', path: '/webhooks/0/timeoutSeconds', value: 30 }],
    ['admissionReviewVersions', { op: 'replace', path: '/webhooks/0/admissionReviewVersions', value: ['v1'] }],
    ['reinvocationPolicy', { op: 'replace', path: '/webhooks/1/reinvocationPolicy', value: 'Never' }],
    ['matchConditions', { op: 'remove', path: '/webhooks/0/matchConditions' }],
    ['name', { op: 'remove', path: '/webhooks/1' }],
    ['metadata.labels', { op: 'remove', path: '/metadata/labels' }],
    ['metadata.annotations', { op: 'add', path: '/metadata/annotations', value: { a: 'b' } }],
    ['metadata.finalizers', { op: 'add', path: '/metadata/finalizers', value: ['a.example.com/b'] }],
    [
      'metadata.ownerReferences',
      {
        op: 'add',
        path: '/metadata/ownerReferences',
        value: [{ apiVersion: 'v1', kind: 'Namespace', name: 'x', uid: 'y' }],
      },
    ],
  ])('may not change %s', async (field, operation) => {
    const said = await patchAs(TRACE_CONFIGURATION, [operation])
    expect(said).toContain(CA_BUNDLE_POLICY)
    expect(said).toContain(field)
  })

  test('may not add an entry, nor change the order of entries', async () => {
    const [, { webhooks }] = manifests.slice(-2) as { webhooks: Raw[] }[] as [unknown, { webhooks: Raw[] }]
    const extra = { ...webhooks[0], name: 'extra.tracing.linkerd.io' }
    expect(await patchAs(TRACE_CONFIGURATION, [{ op: 'add', path: '/webhooks/-', value: extra }])).toContain(
      CA_BUNDLE_POLICY,
    )
    expect(await patchAs(TRACE_CONFIGURATION, [{ op: 'move', from: '/webhooks/0', path: '/webhooks/1' }])).toContain(
      CA_BUNDLE_POLICY,
    )
  })

  test('may change no other configuration, not even its bundle', async () => {
    const said = await patchAs(FOREIGN, [{ op: 'add', path: '/webhooks/0/clientConfig/caBundle', value: BUNDLE }])
    expect(said).toContain(`"${FOREIGN}" is forbidden: User "${as}" cannot`)
  })

  test('may change no other configuration even when another role allows it', async () => {
    const rule = {
      apiGroups: ['admissionregistration.k8s.io'],
      resources: ['mutatingwebhookconfigurations'],
      verbs: ['get', 'patch'],
    }
    const metadata = { name: 'rights-too-many' }
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', ...metadata }
    const subjects = [{ kind: 'ServiceAccount', name: INJECTOR, namespace: LAYOUT.namespace }]
    const apiVersion = 'rbac.authorization.k8s.io/v1'
    const roles = list([
      { apiVersion, kind: 'ClusterRole', metadata, rules: [rule] },
      { apiVersion, kind: 'ClusterRoleBinding', metadata, roleRef, subjects },
    ])
    await cluster.kubectlWith(roles, 'apply', '-f', '-')
    try {
      const said = await waitUntil({ what: 'the role to count', limitMs: 10_000 }, async () => {
        const answer = await patchAs(FOREIGN, [{ op: 'add', path: '/webhooks/0/clientConfig/caBundle', value: BUNDLE }])
        return answer.includes('cannot') ? undefined : answer
      })
      expect(said).toContain(CA_BUNDLE_POLICY)
    } finally {
      await cluster.kubectlWith(roles, 'delete', '-f', '-')
    }
  })

  test('others are not limited by the policy', async () => {
    const operation = JSON.stringify([{ op: 'replace', path: '/webhooks/0/timeoutSeconds', value: 5 }])
    await cluster.kubectl('patch', 'mutatingwebhookconfiguration', TRACE_CONFIGURATION, '--type=json', '-p', operation)
  })

  test.each([
    ['get', 'namespaces', 'yes'],
    ['list', 'namespaces', 'yes'],
    ['watch', 'namespaces', 'yes'],
    ['create', 'namespaces', 'no'],
    ['patch', 'namespaces', 'no'],
    ['get', 'configmaps/linkerd-config', 'yes'],
    ['get', 'configmaps/other', 'no'],
    ['get', 'secrets', 'no'],
    ['create', 'secrets', 'no'],
    ['watch', `secrets/${CERTIFICATE_SECRET}`, 'yes'],
    ['patch', `secrets/${CERTIFICATE_SECRET}`, 'yes'],
    ['delete', `secrets/${CERTIFICATE_SECRET}`, 'no'],
    // the seed layout's namespace is Linkerd's
    ['create', `secrets/${CERTIFICATE_SECRET}`, 'no'],
    ['create', 'events', 'yes'],
    ['patch', 'events', 'no'],
    ['list', 'pods', 'no'],
    ['create', 'pods', 'no'],
    ['create', 'mutatingwebhookconfigurations', 'no'],
    ['patch', `mutatingwebhookconfigurations/${TRACE_CONFIGURATION}`, 'yes'],
    ['patch', `mutatingwebhookconfigurations/${FOREIGN}`, 'no'],
    ['update', `mutatingwebhookconfigurations/${TRACE_CONFIGURATION}`, 'no'],
    ['delete', `mutatingwebhookconfigurations/${TRACE_CONFIGURATION}`, 'no'],
    ['patch', 'validatingadmissionpolicies', 'no'],
    ['create', 'clusterrolebindings', 'no'],
    ['impersonate', 'users', 'no'],
  ])('%s %s: %s', async (verb, resource, expected) => {
    const asked = cluster.kubectl('auth', 'can-i', verb, resource, '-n', LAYOUT.linkerdNamespace, `--as=${as}`)
    const { stdout } = await asked.catch((error) => error)
    expect(stdout.trim()).toBe(expected)
  })
})

test('where certificates come as files only the bundle of the forward entry may be changed', async () => {
  const policy = caBundlePolicy({ ...LAYOUT, certs: 'files' })
  await cluster.kubectlWith(list(policy), 'apply', '-f', '-')
  const bundleOf = (index: number, text: string) => [
    { op: 'add', path: `/webhooks/${index}/clientConfig/caBundle`, value: Buffer.from(text).toString('base64') },
  ]
  let tries = 0
  await waitUntil({ what: 'the narrower policy to be in force', limitMs: 30_000 }, async () =>
    (await patchAs(MARK_CONFIGURATION, bundleOf(0, `mark ${tries++}`))).includes('the caBundle of other entries'),
  )
  expect(await patchAs(MARK_CONFIGURATION, bundleOf(1, 'forward'))).toBe('allowed')
  expect(await patchAs(TRACE_CONFIGURATION, bundleOf(0, 'workloads'))).toContain('the configurations of others')
})
