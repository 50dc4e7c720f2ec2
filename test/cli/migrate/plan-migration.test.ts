// What `migrate` plans for each starting point, as a person reads it; `golden/` has the texts.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { MigrationFacts } from '../../../src/cli/migrate/migration-facts.ts'
import { planMigration } from '../../../src/cli/migrate/plan-migration.ts'
import { planReport } from '../../../src/cli/migrate/plan-report.ts'
import { printPlan } from '../../../src/cli/migrate/print-plan.ts'
import {
  annotated,
  CLEAN,
  config,
  contents,
  deployment,
  helm,
  JAEGERS,
  namespace,
  roles,
  sender,
  TEMPO,
  WHOLE,
  webhook,
} from './found.ts'

/** Written anew with UPDATE_GOLDEN=1. */
function expectGolden(file: string, text: string): void {
  const path = join(import.meta.dirname, 'golden', file)
  if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(path, text)
  expect(text).toBe(readFileSync(path, 'utf8'))
}

const ADDRESS = 'config.linkerd.io/trace-collector'
const ACCOUNT = 'config.alpha.linkerd.io/trace-collector-service-account'
const INJECT = 'tracing.linkerd.io/inject'
const PROXY_TRACING = { tracing: { enabled: true, collector: { endpoint: TEMPO } } }

const LEFT_OVER: MigrationFacts = {
  ...CLEAN,
  webhooks: [webhook(false)],
  roles: roles(),
  senders: [sender('books', 'webapp', [JAEGERS, false]), sender('shop', 'web', [JAEGERS, false])],
}
const BY_HELM: MigrationFacts = {
  ...WHOLE,
  webhooks: [webhook(true, helm('jaeger', 'linkerd-jaeger'))],
  roles: roles(helm('jaeger', 'linkerd-jaeger')),
  contents: contents(helm('jaeger', 'linkerd-jaeger')),
}
const NATIVE: MigrationFacts = {
  ...CLEAN,
  linkerdConfig: config({ proxy: PROXY_TRACING }),
  senders: [sender('books', 'webapp', [TEMPO, false])],
}
const COMPONENTS = ['destination', 'identity'].map((name) => ({
  workload: deployment('linkerd', `linkerd-${name}`),
  address: TEMPO,
}))

test.each<[string, MigrationFacts]>([
  ['clean', CLEAN],
  ['clean-not-installed', { ...CLEAN, isInstalled: false, senders: [] }],
  ['whole', WHOLE],
  ['whole-not-installed', { ...WHOLE, isInstalled: false }],
  ['whole-by-helm', BY_HELM],
  ['whole-with-tenants', { ...WHOLE, tenants: [deployment('linkerd-jaeger', 'grafana')] }],
  ['left-over', LEFT_OVER],
  // Helm kept its release in the Namespace that was deleted.
  ['left-over-of-helm', { ...LEFT_OVER, webhooks: [webhook(false, helm('jaeger', 'linkerd-jaeger'))] }],
  ['proxy-tracing', NATIVE],
  ['proxy-tracing-by-helm', { ...NATIVE, linkerdConfig: config({ proxy: PROXY_TRACING }, helm('l5d', 'linkerd')) }],
  [
    'control-plane-tracing',
    {
      ...CLEAN,
      linkerdConfig: config({ controlPlaneTracing: true }),
      components: COMPONENTS,
      senders: [sender('linkerd', 'linkerd-identity', [TEMPO, false])],
    },
  ],
  [
    'both',
    {
      ...WHOLE,
      linkerdConfig: config({ proxy: PROXY_TRACING, controller: { tracing: { enabled: true } } }),
      components: COMPONENTS,
      senders: [
        { ...sender('books', 'webapp', [JAEGERS, false]), doubled: ['LINKERD2_PROXY_TRACE_COLLECTOR_SVC_ADDR'] },
      ],
    },
  ],
  [
    'annotations',
    {
      ...CLEAN,
      namespaces: [
        ...CLEAN.namespaces,
        namespace('by-address', { annotations: { [ADDRESS]: JAEGERS, [ACCOUNT]: 'collector' } }),
        namespace('by-account', { annotations: { [ACCOUNT]: 'collector.linkerd-jaeger' } }),
        namespace('own', { annotations: { [ADDRESS]: TEMPO, [ACCOUNT]: 'tempo' } }),
        namespace('gone', { annotations: { [ADDRESS]: 'otel.nowhere:4317' } }),
        namespace('git', {
          annotations: { [ADDRESS]: JAEGERS },
          labels: {
            'kustomize.toolkit.fluxcd.io/name': 'apps',
            'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
          },
        }),
      ],
      annotated: [annotated('shop', 'web', { [ADDRESS]: JAEGERS }), annotated('shop', 'api', { [ADDRESS]: TEMPO })],
      // By its own annotation: it is made anew when that is taken away.
      senders: [sender('shop', 'web', [JAEGERS, true])],
    },
  ],
  [
    'opted-out',
    {
      ...LEFT_OVER,
      namespaces: [...CLEAN.namespaces, namespace('out', { labels: { [INJECT]: 'disabled' } })],
      senders: [
        sender('out', 'web', [JAEGERS, false]),
        sender('shop', 'shy', [JAEGERS, false, true]),
        sender('linkerd-tracing', 'linkerd-collector', [JAEGERS, false]),
      ],
    },
  ],
])('%s', (name, facts) => {
  expectGolden(`${name}.txt`, printPlan(planMigration(facts)))
})

test('a webhook that is left over and must not fail refuses Pods, which is told', () => {
  const object = { ...webhook(false).object, webhooks: [{ failurePolicy: 'Fail' }] }
  expect(planMigration({ ...CLEAN, webhooks: [{ ...webhook(false), object }] }).findings).toEqual([
    'MutatingWebhookConfiguration linkerd-jaeger-injector-webhook-config is left over: its Service linkerd-jaeger/jaeger-injector is gone, and the API server refuses each new Pod that it cannot be asked about',
  ])
})

test('whole.json', () => {
  expectGolden('whole.json.txt', `${JSON.stringify(planReport(planMigration(WHOLE)), null, 2)}\n`)
})

describe('nothing is planned for', () => {
  test.each<[string, Partial<MigrationFacts>]>([
    ['Pods that an annotation has send elsewhere', { senders: [sender('shop', 'web', [TEMPO, true])] }],
    [
      'a Namespace linkerd-jaeger that is being deleted',
      { namespaces: [...CLEAN.namespaces, namespace('linkerd-jaeger', { deletionTimestamp: 'now' })] },
    ],
    [
      'a Namespace linkerd-jaeger of another extension',
      {
        namespaces: [
          ...CLEAN.namespaces,
          namespace('linkerd-jaeger', { labels: { 'linkerd.io/extension': 'tracing' } }),
        ],
      },
    ],
    ['a linkerd-config that is not there, or says nothing', { linkerdConfig: undefined }],
    ['a linkerd-config that is no YAML', { linkerdConfig: { data: { values: '{' } } }],
  ])('%s', (_what, facts) => {
    expect(planMigration({ ...CLEAN, ...facts }).findings).toEqual([])
  })
})

describe('Linkerd’s settings, wherever a version keeps them', () => {
  test.each<[string, object, string]>([
    [
      '2.7',
      { install: '{"flags":[{"name":"control-plane-tracing","value":"true"}]}' },
      '--control-plane-tracing=false',
    ],
    ['2.9', { values: 'global: { controlPlaneTracing: true }' }, '--control-plane-tracing=false'],
    ['2.14', { values: 'controlPlaneTracing: true' }, '--set controlPlaneTracing=false'],
    ['edge-26.8', { values: 'controller: { tracing: { enabled: true } }' }, '--set controller.tracing.enabled=false'],
    [
      'both of edge-26.8',
      { values: 'controller: { tracing: { enabled: true } }\nproxy: { tracing: { enabled: true } }' },
      '--set proxy.tracing.enabled=false --set controller.tracing.enabled=false',
    ],
  ])('%s', (_version, data, flags) => {
    const { steps } = planMigration({ ...CLEAN, linkerdConfig: { data } })
    expect(steps.map(({ action }) => action)).toEqual([
      { do: 'by-hand', commands: [`linkerd upgrade ${flags} | kubectl apply -f -`] },
    ])
  })
})
