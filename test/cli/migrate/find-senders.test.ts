import { describe, expect, test } from 'vitest'
import { createSenderGroups, senderOf } from '../../../src/cli/migrate/find-senders.ts'
import { ADDRESS, INSTALL, meshedPod, NAME, type PodParts, type Raw } from '../../injection/samples.ts'
import { deployment, JAEGERS, namespace, sender, TEMPO } from './found.ts'

const COLLECTOR = 'config.linkerd.io/trace-collector'
const OURS = 'linkerd-collector.linkerd-tracing.svc.cluster.local:4317'

function senderWith(values: readonly string[], parts: PodParts = {}, annotations: Raw = {}) {
  const pod = meshedPod(parts)
  pod.metadata = { ...pod.metadata, name: 'web-1', namespace: 'shop' }
  pod.spec.containers[1].env.push(...values.map((value) => ({ name: ADDRESS, value })))
  const namespaces = new Map([['shop', namespace('shop', { annotations })]])
  return senderOf(pod, { settings: INSTALL, namespaces })
}

describe('a Pod', () => {
  test('without variables, or without proxy, sends nothing', () => {
    expect(senderWith([])).toBeUndefined()
    expect(
      senderOf({ metadata: {}, spec: { containers: [{ name: 'app' }] } }, { settings: INSTALL, namespaces: new Map() }),
    ).toBeUndefined()
  })

  test('sends to the last address, which is the one that counts; a variable that stands twice is told', () => {
    expect(senderWith([TEMPO, JAEGERS])).toMatchObject({
      workload: { kind: 'Pod', name: 'web-1' },
      addresses: [{ address: JAEGERS, isOurs: false, isOptedOut: false }],
      doubled: [ADDRESS],
    })
  })

  test.each<[string, { isOurs: boolean; address: string; parts?: PodParts; annotations?: Raw }]>([
    ['to our collector', { isOurs: true, address: OURS }],
    ['by an annotation of its own', { isOurs: true, address: TEMPO, parts: { annotations: { [COLLECTOR]: TEMPO } } }],
    ['by an annotation of its Namespace', { isOurs: true, address: TEMPO, annotations: { [COLLECTOR]: TEMPO } }],
    [
      'by our webhook',
      { isOurs: true, address: TEMPO, parts: { annotations: { 'tracing.linkerd.io/status': 'traced' } } },
    ],
    ['by nothing of ours', { isOurs: false, address: TEMPO, parts: { annotations: { [COLLECTOR]: JAEGERS } } }],
  ])('that sends %s is told for it', (_how, { isOurs, address, parts, annotations }) => {
    expect(senderWith([address], parts, annotations)?.addresses).toEqual([{ address, isOurs, isOptedOut: false }])
  })

  test('may have opted out', () => {
    const labels = { 'tracing.linkerd.io/inject': 'disabled' }
    expect(senderWith([TEMPO], { labels })?.addresses).toMatchObject([{ isOptedOut: true }])
  })
})

test('what differs between Pods of a workload is kept, once each, also when ReplicaSets become their Deployment', () => {
  const groups = createSenderGroups()
  for (const name of ['web-1', 'web-2', 'web-1']) {
    const one = sender('shop', name, [JAEGERS, false])
    groups.add({
      ...one,
      workload: { ...one.workload, kind: 'ReplicaSet' },
      doubled: name === 'web-1' ? [NAME] : [ADDRESS],
    })
  }
  for (const workload of groups.workloads()) groups.join(workload, deployment('shop', 'web'))
  expect(groups.senders()).toEqual([{ ...sender('shop', 'web', [JAEGERS, false]), doubled: [ADDRESS, NAME].sort() }])
})
