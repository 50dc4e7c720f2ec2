import { expect, test } from 'vitest'
import { parseImageReference } from '../../src/injection/image-reference.ts'

test.each([
  ['cr.l5d.io/linkerd/proxy:edge-26.8.3', { name: 'proxy', tag: 'edge-26.8.3' }],
  ['mirror.example.com:5000/a/b/proxy:v2.366.0@sha256:00', { name: 'proxy', tag: 'v2.366.0' }],
  ['mirror.example.com:5000/proxy', { name: 'proxy' }],
  ['proxy@sha256:00', { name: 'proxy' }],
  ['proxy:', { name: 'proxy' }],
  ['web', { name: 'web' }],
  ['', { name: '' }],
])('%j', (image, reference) => {
  expect(parseImageReference(image)).toEqual(reference)
})
