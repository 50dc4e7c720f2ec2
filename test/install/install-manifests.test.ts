// What is true of the Pods and policies of every installation, whatever was said.
import { describe, expect, test } from 'vitest'
import { shippedValues } from '../../scripts/manifests/shipped-values.ts'
import { SETTINGS } from '../../src/config/settings-table.ts'
import { installManifests } from '../../src/install/install-manifests.ts'
import type { Raw } from '../injection/samples.ts'
import { VALUE_SETS } from '../manifests/value-sets.ts'

/** What each set of values is installed as. */
const INSTALLATIONS = Object.entries(VALUE_SETS).map(([name, said]) => {
  const values = shippedValues(said)
  return { name, values, objects: installManifests(values) as Raw[] }
})
const DEFAULT = installManifests(shippedValues({})) as Raw[]

const ofKind = (objects: readonly Raw[], kind: string): Raw[] => objects.filter((object) => object.kind === kind)
const named = (objects: readonly Raw[], kind: string, name: string): Raw =>
  ofKind(objects, kind).find(({ metadata }) => metadata.name === name)
const podsOf = (objects: readonly Raw[]): Raw[] => ofKind(objects, 'Deployment').map(({ spec }) => spec.template)
const containersOf = (objects: readonly Raw[]): Raw[] => podsOf(objects).flatMap(({ spec }) => spec.containers)

/** Ports of `0.0.0.0:4317` in a configuration, and of `--port=55678`. */
const addressesIn = (text: string): number[] =>
  [...text.matchAll(/(?:0\.0\.0\.0:|--port=)(\d+)/g)].map(([, port]) => Number(port))
const sorted = (ports: readonly number[]) => ports.toSorted((a, b) => a - b)

describe.each(INSTALLATIONS)('$name', ({ objects, values }) => {
  test('every container meets Pod Security’s restricted, has a root that cannot be written, and is probed', () => {
    for (const { securityContext, startupProbe, livenessProbe, readinessProbe } of containersOf(objects)) {
      expect(securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        readOnlyRootFilesystem: true,
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      })
      expect([startupProbe, livenessProbe, readinessProbe].every((probe) => probe?.httpGet !== undefined)).toBe(true)
    }
  })

  test('no Pod has a token but the containers that ask the API server', () => {
    for (const { spec } of podsOf(objects)) {
      expect(spec.automountServiceAccountToken).toBe(false)
      const mounted = spec.containers.filter(({ volumeMounts = [] }: Raw) =>
        volumeMounts.some(({ mountPath }: Raw) =>
          mountPath.startsWith('/var/run/secrets/kubernetes.io/serviceaccount'),
        ),
      )
      const asking = ['injector', ...(values.collector.kubernetesAttributes ? ['collector'] : [])]
      expect(mounted.map(({ name }: Raw) => name)).toEqual(
        spec.containers.map(({ name }: Raw) => name).filter((name: string) => asking.includes(name)),
      )
    }
  })

  test('Pods may take longer to end than they serve on', () => {
    const drain = Number(SETTINGS.flatMap((row) => (row.flag === 'drain-seconds' ? [row.default] : []))[0])
    for (const { spec } of podsOf(objects)) expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(drain)
  })

  test('the collector outlives the bridge in its Pod, and has time to give on what it got', () => {
    const flush = Number(SETTINGS.flatMap((row) => (row.flag === 'flush-seconds' ? [row.default] : []))[0])
    expect(flush).toBeGreaterThan(0)
    const [collector, ...others] = podsOf(objects).flatMap(({ spec }) =>
      spec.containers.filter(({ name }: Raw) => name === 'collector').map((container: Raw) => ({ container, spec })),
    )
    expect(others).toEqual([])
    const { seconds } = collector.container.lifecycle.preStop.sleep
    expect(seconds).toBeGreaterThanOrEqual(flush)
    // what its exporters wait for one answer
    expect(collector.spec.terminationGracePeriodSeconds).toBeGreaterThan(seconds + 10)
  })

  test('collector and Jaeger ask for a proxy and are ready with it alone; the injector wants none', () => {
    for (const { metadata, spec } of podsOf(objects)) {
      const component = metadata.labels['app.kubernetes.io/component']
      const isInjector = component === 'injector'
      expect(metadata.annotations['linkerd.io/inject']).toBe(isInjector ? 'disabled' : 'enabled')
      expect(metadata.labels['tracing.linkerd.io/component']).toBe(isInjector ? undefined : component)
      for (const { readinessProbe } of spec.containers) {
        const byProxy = readinessProbe.httpGet.path === '/ready' && readinessProbe.httpGet.port === 4191
        expect(byProxy).toBe(!isInjector)
      }
    }
  })

  test('a budget for injector and collector, whose Pods are kept apart unless somebody has said where they go', () => {
    expect(ofKind(objects, 'PodDisruptionBudget').map(({ spec }) => spec.maxUnavailable)).toEqual([1, 1])
    for (const name of ['linkerd-tracing-injector', 'linkerd-collector']) {
      const { spec, metadata } = named(objects, 'Deployment', name).spec.template
      const { affinity = {} } = values[metadata.labels['app.kubernetes.io/component'] as 'injector' | 'collector']
      if (Object.keys(affinity).length > 0) continue
      expect(spec.affinity.podAntiAffinity).toBeDefined()
      expect(spec.topologySpreadConstraints).toHaveLength(1)
    }
  })

  test('whatever collector, bridge and Jaeger listen on has a Server, but for health and metrics; TLS alone is let in', () => {
    const policies = [...ofKind(objects, 'Server'), ...ofKind(objects, 'ServerAuthorization')]
    if (values.policy === 'off') return expect(policies).toEqual([])
    for (const component of ['collector', 'jaeger']) {
      const ofComponent = (kind: string) =>
        ofKind(objects, kind).filter(({ metadata }) => metadata.labels['app.kubernetes.io/component'] === component)
      const listened = [
        ...ofComponent('ConfigMap').flatMap(({ data }) => addressesIn(data['config.yaml'])),
        ...ofComponent('Deployment').flatMap(({ spec }) => addressesIn(JSON.stringify(spec.template.spec.containers))),
      ]
      const served = ofComponent('Server').map(({ spec }) => spec.port)
      expect(sorted(served)).toEqual(sorted(listened.filter((port) => port !== 13133)))
    }
    for (const { spec } of ofKind(objects, 'ServerAuthorization')) expect(Object.keys(spec.client)).toEqual(['meshTLS'])
  })

  test('the control plane’s Namespace is never in it; ours enforces what Linkerd’s init container leaves room for', () => {
    const namespaces = ofKind(objects, 'Namespace')
    expect(namespaces.map(({ metadata }) => metadata.name)).toEqual(
      values.namespace === values.linkerdNamespace ? [] : [values.namespace],
    )
    for (const { metadata } of namespaces) {
      const level = values.linkerdCni ? 'restricted' : 'privileged'
      expect(metadata.labels['pod-security.kubernetes.io/enforce']).toBe(level)
    }
  })
})

describe('with nothing said', () => {
  test('every container has requests and limits', () => {
    for (const { resources } of containersOf(DEFAULT)) {
      const amount = { cpu: expect.any(String), memory: expect.any(String) }
      expect(resources).toEqual({ requests: amount, limits: amount })
    }
  })

  test('the collector’s ports demand TLS and no identity, Jaeger’s port for spans the collector’s', () => {
    const clientOf = (name: string) => named(DEFAULT, 'ServerAuthorization', name).spec.client.meshTLS
    for (const port of ['otlp-grpc', 'otlp-http', 'opencensus']) {
      expect(clientOf(`linkerd-collector-${port}`)).toEqual({ unauthenticatedTLS: true })
    }
    const collector = { name: 'linkerd-collector', namespace: 'linkerd-tracing' }
    expect(clientOf('linkerd-jaeger-otlp-grpc')).toEqual({ serviceAccounts: [collector] })
  })

  test('a NetworkPolicy for each Deployment lets in its ports, and the proxy’s where there is one', () => {
    for (const { metadata, spec } of ofKind(DEFAULT, 'Deployment')) {
      const ports: number[] = spec.template.spec.containers.flatMap(({ ports: own }: Raw) =>
        own.map(({ containerPort }: Raw) => containerPort),
      )
      const isMeshed = metadata.name !== 'linkerd-tracing-injector'
      const [{ ports: allowed }] = named(DEFAULT, 'NetworkPolicy', metadata.name).spec.ingress
      const wanted = [...ports, ...(isMeshed ? [4143, 4191] : [])]
      expect(allowed.map(({ port }: Raw) => port).toSorted()).toEqual(wanted.toSorted())
    }
  })
})
