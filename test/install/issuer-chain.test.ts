import { describe, expect, test } from 'vitest'
import { injectorManifests } from '../../src/install/injector-manifests.ts'
import type { InstallLayout } from '../../src/install/layout.ts'
import type { Raw } from '../injection/samples.ts'

const LAYOUT: InstallLayout = {
  namespace: 'linkerd-tracing',
  linkerdNamespace: 'linkerd',
  allNamespaces: false,
  controlPlane: true,
  certs: 'cert-manager',
}
const objects = injectorManifests(LAYOUT) as Raw[]
const ofKind = (kind: string): Raw[] => objects.filter((object) => object.kind === kind)
const named = (kind: string, name: string): Raw => ofKind(kind).find(({ metadata }) => metadata.name === name)

describe('cert-manager', () => {
  test('the serving certificate chains to a CA of its own, by an Issuer each', () => {
    const serving = named('Certificate', 'linkerd-tracing-injector-tls').spec
    const caIssuer = named(serving.issuerRef.kind, serving.issuerRef.name).spec
    const ca = ofKind('Certificate').find(({ spec }) => spec.secretName === caIssuer.ca.secretName)?.spec
    expect(ca).toMatchObject({ isCA: true, usages: ['cert sign', 'crl sign'] })
    expect(named(ca.issuerRef.kind, ca.issuerRef.name).spec).toEqual({ selfSigned: {} })
  })

  test('it is ECDSA P-256, for server authentication, for the names of the Service', () => {
    const { spec } = named('Certificate', 'linkerd-tracing-injector-tls')
    expect(spec.privateKey).toMatchObject({ algorithm: 'ECDSA', size: 256 })
    expect(spec.usages).toEqual(['digital signature', 'server auth'])
    expect(spec.isCA).toBe(false)
    expect(spec.dnsNames).toEqual([
      'linkerd-tracing-injector',
      'linkerd-tracing-injector.linkerd-tracing',
      'linkerd-tracing-injector.linkerd-tracing.svc',
    ])
  })

  test('a renewed CA keeps its key, so that both sides of a renewal trust each other; the certificate’s key changes', () => {
    const policies = ofKind('Certificate').map(({ spec }) => [spec.isCA, spec.privateKey.rotationPolicy])
    expect(policies).toEqual([
      [true, 'Never'],
      [false, 'Always'],
    ])
  })

  test('what cert-manager would default is written out', () => {
    for (const { spec } of ofKind('Certificate')) {
      for (const field of ['duration', 'renewBefore', 'isCA', 'usages', 'revisionHistoryLimit']) {
        expect(spec).toHaveProperty([field])
      }
      expect(spec.issuerRef).toEqual({ group: 'cert-manager.io', kind: 'Issuer', name: expect.any(String) })
      expect(Object.keys(spec.privateKey).sort()).toEqual(['algorithm', 'encoding', 'rotationPolicy', 'size'])
    }
  })

  test('both configurations ask for the CA of that certificate', () => {
    const asked = ofKind('MutatingWebhookConfiguration').map(({ metadata }) => metadata.annotations)
    expect(asked).toEqual(
      Array(2).fill({ 'cert-manager.io/inject-ca-from': 'linkerd-tracing/linkerd-tracing-injector-tls' }),
    )
  })

  test('the injector may not write a bundle, nor read the Secret', () => {
    const rules = objects.flatMap(({ rules: own }) => own ?? []) as Raw[]
    expect(rules.filter(({ resources }) => resources.includes('mutatingwebhookconfigurations'))).toEqual([])
    expect(rules.filter(({ resources }) => resources.includes('secrets'))).toEqual([])
  })

  test('is refused in the seed layout, with a sentence', () => {
    expect(() => injectorManifests({ ...LAYOUT, namespace: 'linkerd' })).toThrowError(
      /^cert-manager cannot be used in Linkerd’s own namespace \(linkerd\): .*use another namespace, or .*self-managed or files$/,
    )
  })

  test.each(['self-managed', 'files'] as const)('with %s there is nothing of it', (certs) => {
    const text = JSON.stringify(injectorManifests({ ...LAYOUT, certs }))
    expect(text).not.toContain('cert-manager')
  })
})
