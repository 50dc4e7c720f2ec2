import { expect, test } from 'vitest'
import { namespaceOf, spanOrigin } from '../../src/spans/proxy-span.ts'
import { madeSpan } from './made-spans.ts'

test('a proxy’s span has a direction, a side, and no other container', () => {
  const tags = { direction: 'outbound' }
  const of = (container: Record<string, string>, fields = {}) =>
    spanOrigin(madeSpan({ spanId: '1', tags, ...fields, process: { service: 'web', tags: container } }))
  const proxys = { from: 'proxy', direction: 'outbound', side: 'server' }
  expect(of({ 'k8s.container.name': 'linkerd-proxy' })).toEqual(proxys)
  // Proxies up to Linkerd 2.18 name no container.
  expect(of({})).toEqual(proxys)
  expect(of({}, { kind: 'client' })).toEqual({ ...proxys, side: 'client' })
  expect(of({ 'k8s.container.name': 'app' })).toEqual({ from: 'application' })
  expect(of({}, { kind: 'internal' })).toEqual({ from: 'application' })
  expect(of({}, { tags: { direction: 'north' } })).toEqual({ from: 'application' })
})

test('Linkerd’s programs are known by their names, and their proxies are proxies', () => {
  const process = { service: 'linkerd-identity', tags: {} }
  expect(spanOrigin({ tags: {}, kind: 'server', process })).toEqual({ from: 'control-plane' })
  expect(spanOrigin({ tags: { direction: 'inbound' }, kind: 'server', process })).toMatchObject({ from: 'proxy' })
})

test('the Namespace is what OpenTelemetry calls it, else the label of every meshed Pod', () => {
  const label = { 'linkerd.io/workload-ns': 'shop' }
  expect(namespaceOf({ tags: { 'k8s.namespace.name': 'pay', ...label } })).toBe('pay')
  expect(namespaceOf({ tags: label })).toBe('shop')
  expect(namespaceOf({ tags: {} })).toBeUndefined()
})
