import { describe, expect, test } from 'vitest'
import { remainingLines } from '../../../src/cli/install/remaining-workloads.ts'
import { sumCounts } from '../../../src/cli/pod-coverage/pod-state.ts'
import { createCoverageGroups } from '../../../src/cli/pod-coverage/workload-coverage.ts'
import { PODS, runningPod, startScriptedCluster } from '../pod-coverage/scripted-cluster.ts'

/** A Namespace `shop` with a Deployment for each collector. */
function covered(...collectors: readonly string[]) {
  const groups = createCoverageGroups()
  for (const [index, collector] of collectors.entries()) {
    const workload = { namespace: 'shop', group: 'apps', kind: 'Deployment', name: `d${index}` }
    groups.add(workload, { state: 'traced', collector, sentences: [] })
  }
  const workloads = groups.workloads()
  const counts = sumCounts(workloads.map((workload) => workload.counts))
  return { namespaces: [{ name: 'shop', isOptedIn: true, optIn: {}, labels: {}, annotations: {}, workloads, counts }] }
}

describe('who sends spans to the collector that goes', () => {
  test.each([
    'linkerd-collector.linkerd-tracing.svc.cluster.local:4317',
    'linkerd-collector.linkerd-tracing.svc.k8s.example.com.:4317',
    'linkerd-collector.linkerd-tracing:55678',
    'linkerd-collector-headless.linkerd-tracing.svc.cluster.local:4317',
  ])('%s', (collector) => {
    expect(remainingLines(covered(collector), 'linkerd-tracing')).toEqual([
      '1 workload sends spans to the collector in linkerd-tracing, in vain once it is gone; restart them after that:',
      '  kubectl rollout restart -n shop deployment/d0',
    ])
  })

  test.each([
    'linkerd-collector.obs.svc.cluster.local:4317',
    'linkerd-collector.linkerd-tracing.example.com:4317',
    'otel.linkerd-tracing.svc.cluster.local:4317',
    'linkerd-collector:4317',
    '10.0.0.1:4317',
  ])('not %s', (collector) => {
    expect(remainingLines(covered(collector), 'linkerd-tracing')).toEqual([])
  })

  test('a host of one label is in the Namespace of the Pod', () => {
    expect(remainingLines(covered('linkerd-collector:4317'), 'shop')).toHaveLength(2)
  })
})

describe('uninstall', () => {
  test('tells them on stderr, and none steers a terminal', async () => {
    const cluster = await startScriptedCluster()
    cluster.putNamespace('shop')
    cluster.put(PODS, runningPod('alone\u009b2J', { traced: true }))
    const { code, stdout, stderr } = await cluster.run('uninstall', '--policy', 'on')
    await cluster.stop()
    expect(code).toBe(0)
    expect(stdout).not.toContain('alone')
    expect(stderr).toBe(
      'note: 1 workload sends spans to the collector in linkerd-tracing, in vain once it is gone; restart them after that:\n  pod/alone\\u009b2J in shop: nothing makes it anew: delete it, and create it again\n',
    )
  })

  test('where no cluster can be asked, a note says so, and all is printed', async () => {
    const cluster = await startScriptedCluster()
    await cluster.stop()
    const { code, stdout, stderr } = await cluster.run('uninstall', '--policy', 'on')
    expect(code).toBe(0)
    expect(stdout).toContain('kind: Namespace')
    expect(stderr).toMatch(
      /^note: workloads that still send spans to the collector could not be listed \(.*ECONNREFUSED/,
    )
  })
})
