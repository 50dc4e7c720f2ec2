import { describe, expect, test } from 'vitest'
import { indexEnv } from '../../src/injection/env-index.ts'
import { meshFacts } from '../../src/injection/mesh-facts.ts'

const value = (name: string, text: unknown) => ({ name, value: text })

describe('facts of the mesh, off the proxy’s own variables', () => {
  test('literals of the injector come first', () => {
    const env = [
      value('_l5d_ns', 'l5d'),
      value('_l5d_trustdomain', 'acme.mesh'),
      value(
        'LINKERD2_PROXY_DESTINATION_SVC_NAME',
        'linkerd-destination.linkerd.serviceaccount.identity.linkerd.cluster.local',
      ),
      value('LINKERD2_PROXY_DESTINATION_SVC_ADDR', 'linkerd-dst-headless.linkerd.svc.k8s.acme.:8086'),
    ]
    expect(meshFacts(indexEnv(env))).toEqual({
      controlPlaneNamespace: 'l5d',
      trustDomain: 'acme.mesh',
      clusterDomain: 'k8s.acme',
    })
  })
  test('else the tail of an identity', () => {
    const env = [
      value('_l5d_ns', '$(x)'),
      value(
        'LINKERD2_PROXY_DESTINATION_SVC_NAME',
        'linkerd-destination.$(_l5d_ns).serviceaccount.identity.$(_l5d_ns).$(_l5d_trustdomain)',
      ),
      value('LINKERD2_PROXY_IDENTITY_SVC_NAME', 'linkerd-identity.l5d.serviceaccount.identity.l5d.acme.mesh'),
    ]
    expect(meshFacts(indexEnv(env))).toEqual({ controlPlaneNamespace: 'l5d', trustDomain: 'acme.mesh' })
  })
  test('the cluster domain off the second address, where the first is loopback', () => {
    const env = [
      value('LINKERD2_PROXY_DESTINATION_SVC_ADDR', 'localhost.:8086'),
      value('LINKERD2_PROXY_IDENTITY_SVC_ADDR', 'linkerd-identity.linkerd.svc.cluster.local:8080'),
    ]
    expect(meshFacts(indexEnv(env))).toEqual({ clusterDomain: 'cluster.local' })
  })
  test('the destination’s variables come before the identity’s', () => {
    const identity = (domain: string) => `x.linkerd.serviceaccount.identity.linkerd.${domain}`
    const env = [
      value('LINKERD2_PROXY_IDENTITY_SVC_NAME', identity('second')),
      value('LINKERD2_PROXY_DESTINATION_SVC_NAME', identity('first')),
      value('LINKERD2_PROXY_IDENTITY_SVC_ADDR', 'a.linkerd.svc.second:1'),
      value('LINKERD2_PROXY_DESTINATION_SVC_ADDR', 'a.linkerd.svc.first:1'),
    ]
    expect(meshFacts(indexEnv(env))).toMatchObject({ trustDomain: 'first', clusterDomain: 'first' })
  })
  test('the last of two entries counts', () => {
    expect(meshFacts(indexEnv([value('_l5d_ns', 'a'), value('_l5d_ns', 'b')]))).toEqual({ controlPlaneNamespace: 'b' })
  })
  test.each([
    ['empty', value('_l5d_ns', '')],
    ['no name', value('_l5d_ns', 'a b')],
    ['no text', value('_l5d_ns', 5)],
    ['by reference', { name: '_l5d_ns', valueFrom: {} }],
    ['a trust domain that is none', value('_l5d_trustdomain', '-x')],
    ['a domain that is none', value('LINKERD2_PROXY_IDENTITY_SVC_ADDR', 'a.b.svc.x y:80')],
    ['too long for any name', value('_l5d_trustdomain', `${'a.'.repeat(400)}b`)],
    ['null', null],
  ])('what is not literal or not valid is no fact: %s', (_, entry) => {
    expect(meshFacts(indexEnv([entry]))).toEqual({})
  })
})
