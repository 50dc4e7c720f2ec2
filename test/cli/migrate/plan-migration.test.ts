// What `migrate` plans for each starting point, as a person reads it; `golden/` has the texts.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { FoundWebhook, MigrationFacts } from '../../../src/cli/migrate/migration-facts.ts'
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
  [
    'whole-with-tenants',
    {
      ...WHOLE,
      tenants: [deployment('linkerd-jaeger', 'grafana')],
      // It stays, and would send into the void; linkerd-jaeger's own goes with it.
      senders: [...WHOLE.senders, sender('linkerd-jaeger', 'grafana', [JAEGERS, false])],
    },
  ],
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
  // Spans are lost already, and the migration mends that.
  ['proxy-tracing-dead', { ...NATIVE, services: new Map([['monitoring/tempo', 'not-ready']]) }],
  // Somebody has chosen it: it is for them to mend.
  [
    'annotations-dead',
    {
      ...CLEAN,
      namespaces: [...CLEAN.namespaces, namespace('own', { annotations: { [ADDRESS]: TEMPO } })],
      annotated: [annotated('shop', 'api', { [ADDRESS]: 'tempo.monitoring.svc:4317' })],
      senders: [sender('own', 'web', [TEMPO, true]), sender('shop', 'api', ['tempo.monitoring.svc:4317', true])],
      services: new Map([['monitoring/tempo', 'not-ready']]),
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
  // The webhook goes by `helm uninstall`, at the end: what is made anew before has its settings again.
  ['opted-out-of-helm', { ...BY_HELM, senders: [sender('linkerd-tracing', 'linkerd-collector', [JAEGERS, false])] }],
  // What is ours to do waits for what is not: a restart before would be for nothing, or would stop all that comes after it.
  [
    'waiting',
    {
      ...CLEAN,
      namespaces: [
        ...CLEAN.namespaces,
        namespace('argo', { annotations: { 'argocd.argoproj.io/tracking-id': 'apps:/Namespace:argo/argo' } }),
        namespace('gone', {
          labels: { [INJECT]: 'enabled' },
          annotations: { [ADDRESS]: 'otel.nowhere:4317' },
        }),
        namespace('out', { labels: { [INJECT]: 'disabled' } }),
      ],
      annotated: [
        // Scaled to nothing: nobody knows whether it is to be traced.
        annotated('books', 'idle', { [ADDRESS]: JAEGERS }),
        annotated('out', 'web', { [ADDRESS]: JAEGERS }),
      ],
      senders: [
        sender('argo', 'web', [JAEGERS, false]),
        sender('gone', 'web', ['otel.nowhere:4317', true]),
        sender('out', 'web', [JAEGERS, true]),
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

describe('a webhook configuration', () => {
  const found = (more: Partial<FoundWebhook>) => planMigration({ ...CLEAN, webhooks: [{ ...webhook(false), ...more }] })

  test('that only leads to a Service of such a name may be anybody’s, and is not deleted for them', () => {
    const { findings, steps } = found({ isOwn: false })
    expect(findings).toEqual([expect.stringMatching(/; neither label nor name says that it is linkerd-jaeger’s$/)])
    expect(steps.map(({ action }) => action)).toEqual([
      {
        do: 'by-hand',
        commands: ['kubectl delete mutatingwebhookconfiguration linkerd-jaeger-injector-webhook-config'],
      },
    ])
  })

  test('that leads out of the cluster is not known to be left over', () => {
    const object = { ...webhook(false).object, webhooks: [{ clientConfig: { url: 'https://jaeger.example/' } }] }
    const { findings, steps } = found({ object, services: [] })
    expect(findings).toEqual([
      'MutatingWebhookConfiguration linkerd-jaeger-injector-webhook-config gives new Pods the settings of linkerd-jaeger, by https://jaeger.example/',
    ])
    expect(steps.map(({ needs }) => needs)).toEqual([['installed']])
  })
})

test('what is left in the Namespace is counted, and its traces are told while there is a Jaeger', () => {
  const sentenceOf = (count: number) => planMigration({ ...WHOLE, contents: contents().slice(0, count) }).findings[1]
  expect([0, 1, 2].map(sentenceOf)).toEqual([
    'Namespace linkerd-jaeger is there, with nothing of linkerd-jaeger within',
    'Namespace linkerd-jaeger is there, with 1 object of linkerd-jaeger within',
    'Namespace linkerd-jaeger is there, with 2 objects of linkerd-jaeger within, with the traces that its Jaeger keeps',
  ])
})

test('whole.json', () => {
  expectGolden('whole.json.txt', `${JSON.stringify(planReport(planMigration(WHOLE)), null, 2)}\n`)
})

describe('nothing is planned for', () => {
  test.each<[string, Partial<MigrationFacts>]>([
    ['Pods that send to our own collector, also while its Service is gone', { services: new Map() }],
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
    [
      'a Namespace linkerd-jaeger with nothing but what others have in it',
      {
        namespaces: [...CLEAN.namespaces, namespace('linkerd-jaeger')],
        tenants: [deployment('linkerd-jaeger', 'grafana')],
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

test('that Linkerd’s settings name our own collector is nothing to be told', () => {
  const endpoint = 'linkerd-collector.linkerd-tracing.svc.cluster.local:4317'
  const linkerdConfig = config({ proxy: { tracing: { enabled: true, collector: { endpoint } } } })
  expect(planMigration({ ...CLEAN, linkerdConfig }).findings).toEqual([
    'Linkerd traces by its own setting proxy.tracing.enabled',
  ])
})

describe('programs of the control plane that are told what linkerd-config does not say: rendered anew', () => {
  test.each<[string, Partial<MigrationFacts>, string[]]>([
    ['by Linkerd', {}, ['linkerd upgrade | kubectl apply -f -']],
    ['by Linkerd, in its Namespace', { linkerdNamespace: 'l5d' }, ['linkerd upgrade -L l5d | kubectl apply -f -']],
    [
      'by Helm',
      { linkerdConfig: config({}, helm('l5d', 'linkerd')) },
      ['helm upgrade l5d CHART -n linkerd --reuse-values'],
    ],
    ['by Flux', { linkerdConfig: config({}, { labels: { 'helm.toolkit.fluxcd.io/name': 'linkerd' } }) }, []],
  ])('%s', (_who, facts, commands) => {
    const { findings, steps } = planMigration({ ...CLEAN, components: COMPONENTS, ...facts })
    expect(findings).toEqual([expect.stringMatching(/; linkerd-config does not say so$/)])
    expect(steps.map(({ action }) => action)).toEqual([{ do: 'by-hand', commands }])
  })
})

// A second where nothing else runs; what looks at all Namespaces for each workload takes over a minute.
test('a large cluster is planned in seconds: 10,000 workloads in 2,000 Namespaces', { timeout: 20_000 }, () => {
  const names = Array.from({ length: 2_000 }, (_none, index) => `ns-${index}`)
  const senders = names.flatMap((name) => ['a', 'b', 'c', 'd', 'e'].map((one) => sender(name, one, [JAEGERS, true])))
  const namespaces = [...CLEAN.namespaces, ...names.map((name) => namespace(name))]
  const start = performance.now()
  expect(planMigration({ ...CLEAN, namespaces, senders }).steps).toHaveLength(12_000)
  expect(performance.now() - start).toBeLessThan(15_000)
})
