import { describe, expect, test } from 'vitest'
import type { InstallLayout } from '../../src/install/layout.ts'
import { webhookConfigurations } from '../../src/install/webhook-configurations.ts'
import type { Raw } from '../injection/samples.ts'
import { LAYOUTS } from './layouts.ts'

const layout: InstallLayout = {
  namespace: 'linkerd-tracing',
  linkerdNamespace: 'linkerd',
  allNamespaces: false,
  controlPlane: true,
  certs: 'self-managed',
}
const entriesOf = (overrides = {}): Raw[] =>
  webhookConfigurations({ ...layout, ...overrides }).flatMap((configuration: Raw) => configuration.webhooks)
const entryOf = (name: string, overrides = {}): Raw => entriesOf(overrides).find((entry) => entry.name === name)

test('one configuration sorts before Linkerd’s own, one after', () => {
  const names = webhookConfigurations(layout).map((configuration: Raw) => configuration.metadata.name)
  expect([...names, 'linkerd-proxy-injector-webhook-config'].sort()).toEqual([
    'linkerd-collector-injector-webhook-config',
    'linkerd-proxy-injector-webhook-config',
    'linkerd-tracing-injector-webhook-config',
  ])
})

describe('entries', () => {
  const namesOf = (overrides = {}) => entriesOf(overrides).map(({ name }) => name)
  test('mark, then control plane and workloads', () => {
    expect(namesOf()).toEqual([
      'mark.tracing.linkerd.io',
      'control-plane.tracing.linkerd.io',
      'workloads.tracing.linkerd.io',
    ])
  })
  test('forward after the mark, in the seed layout only', () => {
    expect(namesOf({ namespace: 'linkerd' }).slice(0, 2)).toEqual([
      'mark.tracing.linkerd.io',
      'forward.tracing.linkerd.io',
    ])
  })
  test('no control plane where it is switched off', () => {
    expect(namesOf({ controlPlane: false })).not.toContain('control-plane.tracing.linkerd.io')
  })
  test.each(LAYOUTS)(
    '$name: fail open, without side effects, without a bundle, with every default written out',
    ({ layout: shipped }) => {
      for (const entry of webhookConfigurations(shipped).flatMap((configuration: Raw) => configuration.webhooks)) {
        expect(entry).toMatchObject({
          failurePolicy: 'Ignore',
          sideEffects: 'None',
          timeoutSeconds: 3,
          matchPolicy: 'Equivalent',
        })
        expect(entry.clientConfig).toEqual({
          service: { name: expect.any(String), namespace: expect.any(String), path: expect.any(String), port: 443 },
        })
        expect(entry.rules).toEqual([
          { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'], scope: 'Namespaced' },
        ])
        const names = entry.matchConditions.map(({ name }: Raw) => name)
        const isTracing = /^(control-plane|workloads)/.test(entry.name)
        expect(names).toEqual(isTracing ? ['not-static', 'meshed'] : ['not-static'])
        expect(entry.reinvocationPolicy).toBe(isTracing ? 'IfNeeded' : 'Never')
        const defaulted = ['namespaceSelector', 'objectSelector', 'reinvocationPolicy', 'rules', 'matchConditions']
        for (const field of defaulted) expect(entry).toHaveProperty([field])
      }
    },
  )
})

test('the conditions ask for a list before they look into it, else a Pod without it would be skipped as an error', () => {
  const [notStatic, meshed] = entryOf('workloads.tracing.linkerd.io').matchConditions
  for (const list of ['containers', 'initContainers']) {
    expect(meshed.expression).toContain(`has(object.spec.${list}) && object.spec.${list}.exists(`)
  }
  expect(notStatic.expression).toMatch(/^!has\(object\.metadata\.annotations\) \|\| /)
})

describe('who is asked', () => {
  const namespacesOf = (entry: Raw) => entry.namespaceSelector.matchExpressions
  test('workloads of Namespaces that are opted in, but not of Kubernetes’ own and not of the control plane', () => {
    expect(namespacesOf(entryOf('workloads.tracing.linkerd.io'))).toEqual([
      { key: 'tracing.linkerd.io/inject', operator: 'In', values: ['enabled'] },
      {
        key: 'kubernetes.io/metadata.name',
        operator: 'NotIn',
        values: ['kube-system', 'kube-node-lease', 'kube-public', 'linkerd'],
      },
    ])
  })
  test('with --all-namespaces those of all Namespaces but the ones labelled disabled', () => {
    expect(namespacesOf(entryOf('workloads.tracing.linkerd.io', { allNamespaces: true }))[0]).toEqual({
      key: 'tracing.linkerd.io/inject',
      operator: 'NotIn',
      values: ['disabled'],
    })
  })
  test('the control plane by its name, unless labelled disabled', () => {
    expect(namespacesOf(entryOf('control-plane.tracing.linkerd.io'))).toEqual([
      { key: 'kubernetes.io/metadata.name', operator: 'In', values: ['linkerd'] },
      { key: 'tracing.linkerd.io/inject', operator: 'NotIn', values: ['disabled'] },
    ])
  })
  test('collector and Jaeger in the two namespaces where they may live, each named once', () => {
    const [namespaces] = namespacesOf(entryOf('mark.tracing.linkerd.io'))
    expect(namespaces.values).toEqual(['linkerd-tracing', 'linkerd'])
    expect(namespacesOf(entryOf('mark.tracing.linkerd.io', { namespace: 'linkerd' }))[0].values).toEqual(['linkerd'])
  })
  test('the mark is handed to Linkerd’s own injector', () => {
    const { clientConfig, objectSelector } = entryOf('forward.tracing.linkerd.io', { namespace: 'linkerd' })
    expect(clientConfig.service).toEqual({ name: 'linkerd-proxy-injector', namespace: 'linkerd', path: '/', port: 443 })
    expect(objectSelector).toEqual(entryOf('mark.tracing.linkerd.io').objectSelector)
  })
})
