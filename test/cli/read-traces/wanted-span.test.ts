import { expect, test } from 'vitest'
import { isWantedSpan } from '../../../src/cli/read-traces/wanted-span.ts'
import { madeSpan } from '../../spans/made-spans.ts'

const ASKED = { range: { fromUs: 1_000, untilUs: 2_000 }, tags: {} }
const span = madeSpan({ spanId: 'a', startUs: 1_500 })

test.each([
  [1_000, true],
  [1_999, true],
  [999, false],
  [2_000, false],
])('of 1,000 to 2,000 a span that began at %s: %s', (startUs, isWanted) => {
  expect(isWantedSpan({}, ASKED)({ ...span, startUs })).toBe(isWanted)
})

test.each([
  [{ service: 'web' }, {}, true],
  [{ service: 'cart' }, {}, false],
  [{ namespace: 'shop' }, {}, true],
  [{ namespace: 'pay' }, {}, false],
  [{}, { direction: 'inbound', 'k8s.node.name': 'node-a' }, true],
  [{}, { direction: 'outbound' }, false],
])('by %j and tags %j the proxy of shop/web: %s', (flags, tags, isWanted) => {
  expect(isWantedSpan(flags, { ...ASKED, tags })(span)).toBe(isWanted)
})
