import { expect, test } from 'vitest'
import { interruptedText } from '../../../src/cli/migrate/interrupted-text.ts'
import type { Step, StepAction } from '../../../src/cli/migrate/migration-plan.ts'

const WEB = { namespace: 'shop', group: 'apps', kind: 'Deployment', name: 'web' }
const target = { kind: 'ClusterRole', collection: { root: '/apis', plural: 'clusterroles' }, object: {} }
const step = (title: string, action: StepAction): Step => ({ phase: 'restart', needs: [], title, action })
const label = step('label shop', { do: 'change', target, merge: {}, undo: {} })
const annotate = step('annotate web', { do: 'change', target, merge: {}, undo: {}, rollout: WEB })
const restart = step('restart web', { do: 'restart', workload: WEB })
const remove = step('delete old', { do: 'delete', target })

const interrupted = { flags: {}, backup: undefined, going: undefined }

test('before the first step nothing was done', () => {
  const applying = { done: [], begun: undefined, left: [label, remove] }
  expect(interruptedText({ ...interrupted, applying })).toBe(
    'nothing is being restarted; nothing was done before; not done: label shop, delete old\nGo on with the same command',
  )
})

test('the change that was sent and not answered may be done or not', () => {
  const applying = { done: [label], begun: remove, left: [restart] }
  expect(interruptedText({ ...interrupted, applying, backup: 'kept.json' })).toBe(
    'nothing is being restarted; not known whether done: delete old; done before: label shop; not done: restart web\nGo on with the same command, or take it back: linkerd-tracing migrate --restore kept.json',
  )
})

test.each([restart, annotate])('$title is not done before its rollout has begun, and goes on after that', (begun) => {
  const applying = { done: [label], begun, left: [remove] }
  expect(interruptedText({ ...interrupted, applying })).toContain(`; not done: ${begun.title}, delete old\n`)
  const text = interruptedText({ ...interrupted, applying, going: WEB })
  expect(text).toMatch(/^deployment\/web in shop is being restarted and goes on without us \(kubectl rollout status /)
  expect(text).toContain('; done before: label shop; not done: delete old\n')
})

test('a backup of before is not overwritten, and foreign text steers no terminal', () => {
  const applying = { done: [], begun: undefined, left: [step('label \u009b2J', label.action)] }
  const text = interruptedText({ ...interrupted, applying, flags: { backup: 'x' }, backup: 'x' })
  expect(text).toContain(
    'not done: label \\u009b2J\nGo on with the same command and another --backup, or take it back: ',
  )
})
