import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { injectorManifests, toYaml } from '../../src/install/injector-manifests.ts'
import { SHIPPED_LAYOUTS } from '../../src/install/shipped-layouts.ts'
import type { Raw } from '../injection/samples.ts'

describe.each(SHIPPED_LAYOUTS)('manifests/$folder', ({ folder, layout }) => {
  const manifests = injectorManifests(layout) as Raw[]
  test('is what the code makes (else: npm run manifests)', () => {
    const text = readFileSync(join(import.meta.dirname, '../../manifests', folder, 'injector.yaml'), 'utf8')
    expect(text).toBe(toYaml(manifests))
    expect(parseAllDocuments(text).map((document) => document.toJS())).toEqual(manifests)
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
    const rules = manifests.flatMap((manifest) => manifest.rules ?? []) as Raw[]
    for (const rule of rules) {
      expect(
        rule.verbs.filter((verb: string) => ['*', 'create', 'update', 'delete', 'deletecollection'].includes(verb)),
      ).toEqual([])
      if (!rule.resources.includes('namespaces')) expect(rule.resourceNames.length).toBeGreaterThan(0)
    }
  })
})
