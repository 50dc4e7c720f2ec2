import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { injectorManifests, toYaml } from '../../src/install/injector-manifests.ts'
import type { InstallLayout } from '../../src/install/layout.ts'
import type { Raw } from '../injection/samples.ts'
import { LAYOUTS } from './layouts.ts'

const DEFAULT: InstallLayout = {
  namespace: 'linkerd-tracing',
  linkerdNamespace: 'linkerd',
  allNamespaces: false,
  controlPlane: true,
  certs: 'self-managed',
}

describe.each(LAYOUTS)('the layout $name', ({ layout }) => {
  const manifests = injectorManifests(layout) as Raw[]
  test('is the same when it is printed and read again', () => {
    expect(parseAllDocuments(toYaml(manifests)).map((document) => document.toJS())).toEqual(manifests)
  })
  test('never contains the control plane’s Namespace', () => {
    expect(
      manifests.filter(({ kind, metadata }) => kind === 'Namespace' && metadata.name === layout.linkerdNamespace),
    ).toEqual([])
  })
  test('ends with the webhook configurations, so that nothing calls a server that is not there yet', () => {
    expect(manifests.slice(-2).map(({ kind }) => kind)).toEqual(Array(2).fill('MutatingWebhookConfiguration'))
  })
  test('grants nothing that it could name but does not', () => {
    for (const rule of rulesOf(manifests).filter(({ resources }) => !resources.includes('events'))) {
      const tooMuch = ['*', 'delete', 'deletecollection']
      if (!rule.resources.includes('secrets')) tooMuch.push('create', 'update')
      expect(rule.verbs.filter((verb: string) => tooMuch.includes(verb))).toEqual([])
      if (!rule.resources.includes('namespaces')) expect(rule.resourceNames.length).toBeGreaterThan(0)
    }
  })
  test('events: may be made, and nothing else', () => {
    const rules = rulesOf(manifests).filter(({ resources }) => resources.includes('events'))
    const rule = { apiGroups: [''], resources: ['events'], verbs: ['create'] }
    expect(rules).toEqual(layout.certs === 'self-managed' ? [rule] : [])
  })
  test('a Secret of ours has no data, so that a second apply leaves its contents alone', () => {
    const secrets = manifests.filter(({ kind }) => kind === 'Secret').map((secret) => Object.keys(secret).sort())
    const bare = ['apiVersion', 'kind', 'metadata', 'type']
    expect(secrets).toEqual(layout.certs === 'self-managed' ? [bare] : [])
  })
})

function rulesOf(manifests: readonly Raw[]): Raw[] {
  return manifests.flatMap((manifest) => manifest.rules ?? [])
}

describe('rights by where the certificate comes from', () => {
  const layout = (overrides: Partial<InstallLayout>): InstallLayout => ({ ...DEFAULT, ...overrides })
  const verbsOf = (resource: string, overrides: Partial<InstallLayout>) =>
    rulesOf(injectorManifests(layout(overrides)) as Raw[])
      .filter(({ resources }) => resources.includes(resource))
      .flatMap(({ verbs, resourceNames }) => resourceNames.map((name: string) => `${name}: ${verbs.join(' ')}`))
  const SEED = { namespace: 'linkerd' } as const
  const MARK = 'linkerd-collector-injector-webhook-config'

  test('self-managed: our two configurations, and the one Secret, which may be made again outside of the seed layout', () => {
    expect(verbsOf('mutatingwebhookconfigurations', {})).toEqual([
      `${MARK}: get list watch patch`,
      'linkerd-tracing-injector-webhook-config: get list watch patch',
    ])
    expect(verbsOf('secrets', {})).toEqual(['linkerd-tracing-injector-certs: get list watch update patch create'])
    expect(verbsOf('secrets', SEED)).toEqual(['linkerd-tracing-injector-certs: get list watch update patch'])
  })
  test.each(['cert-manager', 'files'] as const)('%s: no Secret, no event, no configuration, no policy', (certs) => {
    expect(verbsOf('secrets', { certs })).toEqual([])
    expect(verbsOf('mutatingwebhookconfigurations', { certs })).toEqual([])
    const kinds = injectorManifests(layout({ certs })).map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind === 'Secret' || kind === 'ValidatingAdmissionPolicy')).toEqual([])
  })
  test('files in the seed layout: the configuration with the forward entry alone', () => {
    expect(verbsOf('mutatingwebhookconfigurations', { ...SEED, certs: 'files' })).toEqual([
      `${MARK}: get list watch patch`,
      'linkerd-proxy-injector-webhook-config: get list watch',
    ])
    expect(verbsOf('secrets', { ...SEED, certs: 'files' })).toEqual([])
  })
})
