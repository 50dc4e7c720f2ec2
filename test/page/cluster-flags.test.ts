// Commands that are copied from the page, each for the cluster that it is about.
import { expect, test } from 'vitest'
import { commandOf, NO_FLAGS } from '../../src/page/cluster-flags.ts'

const flags = { clusterFlags: '--context other --as jane', linkerdFlags: '-L mesh' }

test.each([
  ['linkerd-tracing enable shop --restart', 'linkerd-tracing enable shop --restart -L mesh --context other --as jane'],
  [
    'kubectl rollout restart -n shop deployment/a',
    'kubectl rollout restart -n shop deployment/a --context other --as jane',
  ],
  [
    'linkerd-tracing install | kubectl apply -f -',
    'linkerd-tracing install -L mesh --context other --as jane | kubectl apply -f - --context other --as jane',
  ],
])('%s', (command, meant) => {
  expect(commandOf(command, flags)).toBe(meant)
  expect(commandOf(command, NO_FLAGS)).toBe(command)
})
