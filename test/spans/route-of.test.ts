import { expect, test } from 'vitest'
import { routeOf } from '../../src/spans/route-of.ts'

const path = (text: string) => routeOf({ operation: text, tags: {} })

test.each([
  ['/', '/'],
  ['/users', '/users'],
  ['/users/123', '/users/{id}'],
  ['/users/123/orders/7', '/users/{id}/orders/{id}'],
  ['/users/123?token=abc&x=1', '/users/{id}'],
  ['/a/#top', '/a/'],
  ['/o/6ba7b810-9dad-11d1-80b4-00c04fd430c8', '/o/{id}'],
  ['/o/507f1f77bcf86cd799439011', '/o/{id}'],
  ['/o/0000000a', '/o/{id}'],
  ['/o/01ARZ3NDEKTSV4RRFFQ69G5FAV', '/o/{id}'],
  // Words, versions, names: no IDs, as far as can be told.
  ['/v1/deadbeef', '/v1/deadbeef'],
  ['/static/app-3.2.1.js', '/static/app-3.2.1.js'],
  ['/2026-11-28', '/2026-11-28'],
  ['/internationalization', '/internationalization'],
  ['/o/a1b2c3', '/o/a1b2c3'],
  ['/io.linkerd.proxy.identity.Identity/Certify', '/io.linkerd.proxy.identity.Identity/Certify'],
])('the path %s is of the route %s', (text, route) => {
  expect(path(text)).toBe(route)
})

test('the method stands before it, by the names of today and of OpenCensus', () => {
  const tags = { 'url.path': '/users/1', 'http.request.method': 'GET' }
  expect(routeOf({ operation: '/users/1', tags })).toBe('GET /users/{id}')
  expect(routeOf({ operation: 'x', tags: { 'http.path': '/a?b', 'http.method': 'PUT' } })).toBe('PUT /a')
})

test('what an application calls its route goes before the path; what is no path stays as it is', () => {
  expect(routeOf({ operation: 'GET', tags: { 'http.route': '/users/:name', 'url.path': '/users/joe' } })).toBe(
    '/users/:name',
  )
  expect(routeOf({ operation: 'io.linkerd.proxy.destination.Destination.Get', tags: {} })).toBe(
    'io.linkerd.proxy.destination.Destination.Get',
  )
})
