import { describe, expect, test } from 'vitest'
import { ADDRESS, decide, envOf, meshedPod, PROTOCOL } from './samples.ts'

const PROTOCOL_ANNOTATION = 'config.linkerd.io/trace-collector-protocol'

function protocolOf(tag: string, annotation: string | undefined, settings = {}): string {
  const annotations = annotation === undefined ? {} : { [PROTOCOL_ANNOTATION]: annotation }
  const { decision, patched } = decide(meshedPod({ annotations, proxy: { image: `proxy:${tag}` } }), { settings })
  if (decision.outcome === 'skipped') return decision.reason
  const env = envOf(patched)
  return `${env[PROTOCOL]} ${env[ADDRESS]?.split(':')[1]}`
}

describe('protocol and address', () => {
  test.each([
    ['stable-2.14.10', undefined, 'opencensus 55678'],
    ['stable-2.14.10', 'opencensus', 'opencensus 55678'],
    ['stable-2.14.10', 'opentelemetry', 'unsupported-proxy'],
    ['edge-25.4.4', undefined, 'opentelemetry 4317'],
    ['edge-25.4.4', 'opencensus', 'opencensus 55678'],
    ['edge-26.8.3', undefined, 'opentelemetry 4317'],
    ['edge-26.8.3', 'opencensus', 'unsupported-proxy'],
    ['latest', undefined, 'opentelemetry 4317'],
    ['latest', 'opencensus', 'opencensus 55678'],
    ['latest', 'zipkin', 'invalid-setting'],
    ['edge-26.8.3', '', 'invalid-setting'],
  ])('proxy %s, annotation %s: %s', (tag, annotation, expected) => {
    expect(protocolOf(tag, annotation)).toBe(expected)
  })
  test('the installation decides where the version leaves it open', () => {
    const settings = { protocol: 'opencensus' }
    expect(protocolOf('edge-25.4.4', undefined, settings)).toBe('opencensus 55678')
    expect(protocolOf('latest', undefined, settings)).toBe('opencensus 55678')
    expect(protocolOf('edge-26.8.3', undefined, settings)).toBe('opentelemetry 4317')
  })
  test('no bridge: an OpenCensus proxy cannot be traced but to an address of its own', () => {
    const settings = { opencensusAddress: '' }
    expect(protocolOf('stable-2.14.10', undefined, settings)).toBe('unsupported-proxy')
    const annotations = { 'config.linkerd.io/trace-collector': 'oc.obs:55678' }
    const pod = meshedPod({ annotations, proxy: { image: 'proxy:stable-2.14.10' } })
    expect(envOf(decide(pod, { settings }).patched)[ADDRESS]).toBe('oc.obs:55678')
  })
  test('a protocol that is none is told together with an address that is none', () => {
    const annotations = { [PROTOCOL_ANNOTATION]: 'zipkin', 'config.linkerd.io/trace-collector': 'x' }
    expect(decide(meshedPod({ annotations })).decision.warnings).toHaveLength(2)
  })
  test('the collector is recognised whatever protocol contradicts its proxy', () => {
    const pod = meshedPod({
      annotations: { [PROTOCOL_ANNOTATION]: 'opencensus' },
      spec: { serviceAccountName: 'linkerd-collector' },
    })
    expect(decide(pod, { request: { namespace: 'linkerd-tracing' } }).decision).toMatchObject({
      reason: 'own-component',
    })
  })
})

describe('version of the proxy', () => {
  const version = (image: string | undefined, annotation: string | undefined, linkerdVersion?: string) => {
    const annotations = annotation === undefined ? {} : { 'linkerd.io/proxy-version': annotation }
    const settings = linkerdVersion === undefined ? {} : { linkerdVersion }
    return envOf(decide(meshedPod({ annotations, proxy: { image } }), { settings }).patched)[PROTOCOL]
  }
  test.each([
    ['proxy:stable-2.14.10', 'edge-26.8.3', undefined, 'opencensus'],
    ['proxy:latest', 'stable-2.14.10', 'edge-26.8.3', 'opencensus'],
    ['proxy@sha256:00', 'test-inject-proxy-version', 'stable-2.14.10', 'opencensus'],
    ['proxy:latest', undefined, 'stable-2.14.10', 'opentelemetry'],
    [undefined, undefined, 'stable-2.14.10', 'opencensus'],
    [undefined, undefined, 'dev-undefined', 'opentelemetry'],
  ])('image %s, annotation %s, linkerd-config %s: %s', (...[image, annotation, linkerdVersion, expected]) => {
    expect(version(image, annotation, linkerdVersion)).toBe(expected)
  })
})
