import { expect, test } from 'vitest'
import { filterWorkloads } from '../../../src/page/coverage/filter-workloads.ts'

const row = (name: string, state: string, sentences: readonly string[] = []) => ({
  namespace: name.slice(0, name.indexOf('/')),
  workload: name.slice(name.indexOf('/') + 1),
  state,
  isGap: ['missed', 'invalid'].includes(state),
  pods: 1,
  sentences,
  advice: {},
})
const rows = [
  row('shop/deployment/web', 'traced'),
  row('shop/deployment/Vote', 'missed'),
  row('bank/statefulset/db', 'invalid', ['the address "http://otel" must be host:port']),
  row('bank/deployment/web', 'out'),
]
const found = (text: string, state = 'all') =>
  filterWorkloads(rows, { text, state }).map(({ namespace, workload }) => `${namespace}/${workload}`)

test.each([
  ['', 'all', ['shop/deployment/web', 'shop/deployment/Vote', 'bank/statefulset/db', 'bank/deployment/web']],
  ['', 'gaps', ['shop/deployment/Vote', 'bank/statefulset/db']],
  ['', 'out', ['bank/deployment/web']],
  ['WEB', 'all', ['shop/deployment/web', 'bank/deployment/web']],
  ['bank web', 'all', ['bank/deployment/web']],
  [' vote ', 'all', ['shop/deployment/Vote']],
  ['http://otel', 'all', ['bank/statefulset/db']],
  ['missed', 'all', ['shop/deployment/Vote']],
  ['web', 'gaps', []],
])('%j among %s', (text, state, expected) => {
  expect(found(text, state)).toEqual(expected)
})
