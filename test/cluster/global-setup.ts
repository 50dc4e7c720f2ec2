import type { TestProject } from 'vitest/node'
import type { ClusterFacts } from './cluster-access.ts'
import { type Cluster, startCluster } from './start-cluster.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The cluster that all files share: accessCluster(inject('cluster')). */
    cluster: ClusterFacts
  }
}

/** Starts one cluster for all files; gives the function that stops it. Fails, and does not skip, where it cannot start. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startWhole().catch((error: Error) => {
    // What is missing, in one sentence; where in the code that was found out helps nobody.
    error.stack = error.message
    throw error
  })
  const { folder, server, kubeconfig, kubectlProgram, ports, hasControllerManager } = cluster
  project.provide('cluster', { folder, server, kubeconfig, kubectlProgram, ports, hasControllerManager })
  return () => cluster.stop()
}

async function startWhole(): Promise<Cluster> {
  const say = (text: string) => process.stderr.write(`cluster: ${text}\n`)
  const cluster = await startCluster({ say })
  if (cluster.hasControllerManager) return cluster
  const text = 'KUBEBUILDER_ASSETS has no kube-controller-manager: tests that need a Deployment to have Pods'
  if (process.env['CI']) {
    await cluster.stop()
    throw new Error(`${text} cannot run.`)
  }
  say(`${text} are skipped.`)
  return cluster
}
