import { expect, test } from 'vitest'
import { parseTarget } from '../../../src/cli/explain/target.ts'
import { runInProcess } from '../cli-run.ts'

test.each([
  ['web', 'pod', 'web'],
  ['po/web', 'pod', 'web'],
  ['deploy/web', 'deployment', 'web'],
  ['StatefulSets/db', 'statefulset', 'db'],
  ['pod/deployment', 'pod', 'deployment'],
  ['web.v1', 'pod', 'web.v1'],
])('%s is %s %s', (text, kind, name) => {
  expect(parseTarget(text)).toMatchObject({ kind, name })
})

test.each(['', '/', 'deploy/', 'deployment', 'pods', 'service/web', 'deploy/web/x'])('%j has not the form', (text) => {
  expect(() => parseTarget(text)).toThrow(
    `${JSON.stringify(text)} must be TYPE/NAME, with one of these types: pod, deployment, statefulset, daemonset, replicaset, job`,
  )
})

test.each(['Web', 'my_pod', 'web-', 'deploy/a b', '-x'])('%j is no name', (text) => {
  expect(() => parseTarget(text)).toThrow('must have lower case letters, digits, "-" and "." only')
})

test('explain says so before it looks for a cluster', async () => {
  const run = runInProcess(['explain', 'my_pod', '--kubeconfig', '/nowhere'])
  expect(await run.returned).toBe(1)
  expect(run.stderr()).toBe(
    'error: "my_pod": the name "my_pod" must have lower case letters, digits, "-" and "." only\n',
  )
})
