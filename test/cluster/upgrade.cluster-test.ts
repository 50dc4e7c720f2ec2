// `install --wait`, then `upgrade`, on a real API server with the controllers of Deployments; Pods look ready by the test.
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { runInProcess } from '../cli/cli-run.ts'
import { accessCluster } from './cluster-access.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { readyPods } from './running-components.ts'

const cluster = accessCluster(inject('cluster'))
const [OWN, LINKERD] = ['linkerd-tracing', 'upgraded-linkerd']
const FLAGS = ['--kubeconfig', cluster.kubeconfig, '-L', LINKERD]

async function run(...words: string[]) {
  const one = runInProcess([...words, ...FLAGS])
  const code = await one.returned
  return { code, stdout: one.stdout(), stderr: one.stderr() }
}
const apply = (text: string) => cluster.kubectlWith(text, 'apply', '-f', '-')

beforeAll(async () => {
  await cluster.createNamespace({ name: LINKERD })
  await apply((await run('install', '--policy', 'off', '--set', 'injector.replicas=1')).stdout)
})
afterAll(async () => {
  const { stdout } = await run('uninstall', '--policy', 'off')
  await cluster.kubectlWith(stdout, 'delete', '--ignore-not-found', '--wait=false', '-f', '-')
  await cluster.kubectl('delete', 'pods', '--all', '-n', OWN, '--grace-period=0', '--force')
  await cluster.kubectl('delete', 'namespace', LINKERD, '--wait=false')
  // The next file makes a Namespace of that name.
  await waitUntil({ what: 'the Namespace to be gone', limitMs: 60_000 }, async () => {
    const { stdout: left } = await cluster.kubectl('get', 'namespace', OWN, '--ignore-not-found')
    return left === ''
  })
})

test('nothing changes where nothing has changed, by what the API server has made of it', async () => {
  const { code, stderr } = await run('upgrade')
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'note: nothing changes\n' })
})

test('what changes is told before it is applied, and applying it is what was told', async () => {
  const upgrade = await run('upgrade', '--jaeger', 'none', '--backend', 'otel.example.com:4317')
  expect(upgrade.stderr).toContain(
    `not needed any more: Deployment ${OWN}/linkerd-jaeger; kubectl delete deployment linkerd-jaeger -n ${OWN}\n`,
  )
  const told = upgrade.stderr.matchAll(/^(?:change|new): (\w+ \S+?)(?::|$)/gm)
  const { stdout } = await apply(upgrade.stdout)
  // kubectl calls a PodDisruptionBudget configured each time, whose generation stays as it is (install.cluster-test.ts).
  const changed = stdout.split('\n').filter((line) => /^(?!poddisruptionbudget).* (configured|created)$/.test(line))
  expect(changed.length).toBe(new Set([...told].map(([, object]) => object)).size)
  const deletions = [...upgrade.stderr.matchAll(/; kubectl (delete .*)$/gm)].map(([, words = '']) => words.split(' '))
  for (const words of deletions) await cluster.kubectl(...words)
  expect((await run('upgrade')).stderr).toBe('note: nothing changes\n')
})

test('--wait ends when the Pods of what was applied are available', async () => {
  const waiting = run('upgrade', '--set', 'injector.replicas=2', '--wait', '100s')
  // Stands for the pipe: the same is printed again.
  const { stdout } = await run('upgrade', '--set', 'injector.replicas=2')
  expect(parseAllDocuments(stdout).length).toBeGreaterThan(10)
  await apply(stdout)
  let isDone = false
  const done = waiting.finally(() => {
    isDone = true
  })
  await waitUntil({ what: 'the command to end', limitMs: 110_000 }, async () => {
    await readyPods(cluster, OWN)
    return isDone
  })
  const { code, stderr } = await done
  expect(stderr).toMatch(/^Deployment linkerd-tracing\/linkerd-tracing-injector is ready/m)
  expect(code).toBe(0)
})
