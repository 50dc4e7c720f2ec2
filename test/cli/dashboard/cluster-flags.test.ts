// The flags that a command which is copied from the page needs to mean the same cluster.
import { expect, test } from 'vitest'
import { clusterFlags, linkerdFlags } from '../../../src/cli/dashboard/cluster-flags.ts'

test.each([
  [{}, ''],
  [{ context: 'kind-shop' }, '--context kind-shop'],
  [{ context: 'arn:aws:eks:eu-west-1:1:cluster/shop' }, '--context arn:aws:eks:eu-west-1:1:cluster/shop'],
  [{ kubeconfig: '/tmp/a b', context: 'me@shop' }, "--kubeconfig '/tmp/a b' --context me@shop"],
  [{ context: "x'; rm -rf ~ #" }, "--context 'x'\\''; rm -rf ~ #'"],
  [{ context: '' }, "--context ''"],
  [{ context: '~root' }, "--context '~root'"],
  [{ as: 'jane', context: 'shop' }, '--context shop --as jane'],
  [
    { as: 'system:serviceaccount:shop:ci', asGroup: ['devs', 'on call'] },
    "--as system:serviceaccount:shop:ci --as-group devs --as-group 'on call'",
  ],
])('%j', (flags, expected) => {
  expect(clusterFlags(flags)).toBe(expected)
})

test('another Namespace of Linkerd is said to commands of ours', () => {
  expect(linkerdFlags({ linkerdNamespace: 'mesh' })).toBe('-L mesh')
  expect(linkerdFlags({ linkerdNamespace: 'linkerd' })).toBe('')
})
