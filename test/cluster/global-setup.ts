import type { TestProject } from 'vitest/node'
import type { ClusterFacts } from './cluster-access.ts'
import { startCluster } from './start-cluster.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The cluster that all files share: accessCluster(inject('cluster')). */
    cluster: ClusterFacts
  }
}

/** Starts one cluster for all files; gives the function that stops it. Fails, and does not skip, where it cannot start. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const say = (text: string) => process.stderr.write(`cluster: ${text}\n`)
  const cluster = await startCluster({ say })
  if (!cluster.hasControllerManager) {
    const text = 'KUBEBUILDER_ASSETS has no kube-controller-manager: tests that need a Deployment to have Pods'
    if (process.env['CI']) throw new Error(`${text} cannot run.`)
    say(`${text} are skipped.`)
  }
  const { folder, server, kubeconfig, kubectlProgram, ports, hasControllerManager } = cluster
  project.provide('cluster', { folder, server, kubeconfig, kubectlProgram, ports, hasControllerManager })
  return () => cluster.stop()
}
