// Which collectors the plan calls dead, and of which it says that this cannot be told.
import { describe, expect, test } from 'vitest'
import type { MigrationFacts, ServiceState } from '../../../src/cli/migrate/migration-facts.ts'
import { planMigration } from '../../../src/cli/migrate/plan-migration.ts'
import { annotated, CLEAN, config, deployment, JAEGERS, namespace, sender, TEMPO, WHOLE } from './found.ts'

const ADDRESS = 'config.linkerd.io/trace-collector'
const OWN = namespace('own', { annotations: { [ADDRESS]: TEMPO } })

function tempo(state: ServiceState): Pick<MigrationFacts, 'services'> {
  return { services: new Map([['monitoring/tempo', state]]) }
}

/** What is said of whether somebody answers. */
function saidOf(facts: Partial<MigrationFacts>): string[] {
  const { findings } = planMigration({ ...CLEAN, ...facts })
  return findings.filter((sentence) => /answers at/.test(sentence))
}

function titlesOf(facts: Partial<MigrationFacts>): string[] {
  return planMigration({ ...CLEAN, ...facts }).steps.map(({ title }) => title)
}

describe('that nothing answers is told with who sends there, or has others do so', () => {
  const BEHIND = 'nothing answers at tempo.monitoring:4317, as no Pod behind Service monitoring/tempo is ready: '
  const NO_SUCH = 'nothing answers at tempo.monitoring:4317, as there is no Service monitoring/tempo: '

  test.each<[string, Partial<MigrationFacts>]>([
    ['Pods', { senders: [sender('books', 'webapp', [TEMPO, false])] }],
    ['Pods that an annotation has send there', { senders: [sender('books', 'webapp', [TEMPO, true])] }],
  ])('%s', (_who, facts) => {
    const lost = 'spans are lost today already, those of Pods of 1 workload: deployment/webapp in books'
    expect(saidOf({ ...facts, ...tempo('not-ready') })).toEqual([BEHIND + lost])
    expect(saidOf({ ...facts, services: new Map() })).toEqual([NO_SUCH + lost])
    expect(saidOf({ ...facts, ...tempo('ready') })).toEqual([])
  })

  test.each<[string, Partial<MigrationFacts>, string]>([
    [
      'proxy.tracing',
      { linkerdConfig: config({ proxy: { tracing: { enabled: true, collector: { endpoint: TEMPO } } } }) },
      'Linkerd’s own settings',
    ],
    [
      'arguments of the control plane',
      { components: [{ workload: deployment('linkerd', 'linkerd-identity'), address: TEMPO }] },
      'arguments of deployment/linkerd-identity in linkerd',
    ],
    ['an annotation of a Namespace', { namespaces: [...CLEAN.namespaces, OWN] }, 'annotations of Namespace own'],
    [
      'an annotation of a template',
      { annotated: [annotated('shop', 'web', { [ADDRESS]: TEMPO })] },
      'annotations of Deployment shop/web',
    ],
  ])('%s', (_who, facts, who) => {
    const lost = `what is sent there is lost; it is named by ${who}`
    expect(saidOf({ ...facts, ...tempo('not-ready') })).toEqual([BEHIND + lost])
    expect(saidOf({ ...facts, services: new Map() })).toEqual([NO_SUCH + lost])
    expect(saidOf({ ...facts, ...tempo('ready') })).toEqual([])
  })
})

test('a Service is told once, in all ways in which it is named, with no more names than a person reads', () => {
  const names = Array.from({ length: 12 }, (_none, index) => `w${index}`)
  const senders = names.map((name) => sender('books', name, [TEMPO, false]))
  const other = sender('monitoring', 'web', ['tempo:9411', false])
  expect(saidOf({ senders: [...senders, other], ...tempo('not-ready') })).toEqual([
    `nothing answers at tempo.monitoring:4317 and tempo:9411, as no Pod behind Service monitoring/tempo is ready: spans are lost today already, those of Pods of 13 workloads: ${names
      .slice(0, 10)
      .map((name) => `deployment/${name} in books`)
      .join(', ')}, and 3 more`,
  ])
})

describe('to look after a dead collector is a step', () => {
  const LOOK = 'look why no Pod behind Service monitoring/tempo is ready, or name another collector'

  test('where somebody has chosen it', () => {
    expect(titlesOf({ senders: [sender('shop', 'web', [TEMPO, true])], ...tempo('not-ready') })).toEqual([LOOK])
    expect(titlesOf({ namespaces: [...CLEAN.namespaces, OWN], ...tempo('not-ready') })).toEqual([LOOK])
  })

  test('not where nobody sends there once the rest is done', () => {
    const restart = 'restart deployment/web in shop'
    expect(titlesOf({ senders: [sender('shop', 'web', [TEMPO, false])], ...tempo('not-ready') })).toEqual([restart])
    const services = new Map([['linkerd-jaeger/collector', 'not-ready' as const]])
    expect(titlesOf({ senders: [sender('shop', 'web', [JAEGERS, true])], services })).toEqual([restart])
  })
})

describe('that it cannot be told whether anything answers is said of a collector of before', () => {
  test.each<[string, Partial<MigrationFacts>, string]>([
    ['otel.example.com:4317', {}, 'it names no Service of this cluster'],
    ['10.0.0.5:4317', {}, 'it names no Service of this cluster'],
    [TEMPO, tempo('external-name'), 'Service monitoring/tempo leads elsewhere, by an ExternalName'],
    [TEMPO, tempo('no-selector'), 'Service monitoring/tempo selects no Pods'],
    [TEMPO, tempo('not-readable'), 'what is behind Service monitoring/tempo could not be read'],
  ])('%s, %j: %s', (address, facts, because) => {
    const sentence = `whether anything answers at ${address} cannot be told: ${because}`
    expect(saidOf({ senders: [sender('books', 'webapp', [address, false])], ...facts })).toEqual([sentence])
    // By somebody's choice: there is nothing to migrate.
    const namespaces = [namespace('own', { annotations: { [ADDRESS]: address } })]
    const chosen = { ...facts, namespaces, senders: [sender('books', 'webapp', [address, true])] }
    expect(planMigration({ ...CLEAN, ...chosen }).findings).toEqual([])
  })

  test('once for a Service, in all ways in which it is named', () => {
    const senders = [sender('books', 'webapp', [TEMPO, false]), sender('monitoring', 'web', ['tempo:9411', false])]
    expect(saidOf({ senders, ...tempo('no-selector') })).toEqual([
      'whether anything answers at tempo.monitoring:4317 and tempo:9411 cannot be told: Service monitoring/tempo selects no Pods',
    ])
  })

  test('where Linkerd’s settings name a host of one label, another Service in each Namespace', () => {
    const linkerdConfig = config({ proxy: { tracing: { enabled: true, collector: { endpoint: 'tempo:4317' } } } })
    expect(saidOf({ linkerdConfig })).toEqual([
      'whether anything answers at tempo:4317 cannot be told: it names no Service of this cluster',
    ])
  })
})

describe('nothing is said', () => {
  test('of what linkerd-jaeger’s own Pods send to it, or its Namespace tells them, which go with it', () => {
    const own = sender('linkerd-jaeger', 'jaeger', [JAEGERS, false])
    const namespaces = [namespace('linkerd-jaeger', { annotations: { [ADDRESS]: JAEGERS } })]
    expect(saidOf({ ...WHOLE, namespaces, senders: [own], services: new Map() })).toEqual([])
  })

  test.each<[string, object]>([
    ['proxy.tracing', { proxy: { tracing: { enabled: false, collector: { endpoint: TEMPO } } } }],
    ['controller.tracing', { controller: { tracing: { enabled: false, collector: { endpoint: TEMPO } } } }],
    ['that of 2.9', { global: { controlPlaneTracing: false, proxy: { trace: { collectorSvcAddr: TEMPO } } } }],
    [
      'one of both',
      {
        proxy: { tracing: { enabled: false, collector: { endpoint: TEMPO } } },
        controller: { tracing: { enabled: true, collector: { endpoint: JAEGERS } } },
      },
    ],
  ])('of a collector of Linkerd’s own settings that are off: %s', (_which, values) => {
    const services = new Map([['linkerd-jaeger/collector', 'ready' as const]])
    // Tempo’s Service is not there.
    const { findings } = planMigration({ ...CLEAN, linkerdConfig: config(values), services })
    expect(findings.join('\n')).not.toContain(TEMPO)
  })
})

test('controller.tracing without a collector of its own has that of proxy.tracing', () => {
  const proxy = { tracing: { enabled: false, collector: { endpoint: TEMPO } } }
  const controller = { tracing: { enabled: true, collector: { endpoint: '' } } }
  expect(planMigration({ ...CLEAN, linkerdConfig: config({ proxy, controller }) }).findings).toEqual([
    `Linkerd traces by its own setting controller.tracing.enabled; it sends spans to ${TEMPO}`,
  ])
})
