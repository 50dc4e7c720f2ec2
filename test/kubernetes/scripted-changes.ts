import { createApiClient } from '../../src/kubernetes/api-client.ts'
import { type ClusterChanges, changeCluster } from '../../src/kubernetes/cluster-changes.ts'
import { type ClusterView, viewCluster } from '../../src/kubernetes/cluster-view.ts'
import { ScriptedApi } from './scripted-api.ts'

/** A scripted API server, what is seen of it and what changes it. */
export interface ScriptedChanges {
  readonly api: ScriptedApi
  readonly cluster: ClusterView
  readonly changes: ClusterChanges
  /** What was told of changes, in words. */
  readonly told: readonly string[]
  stop(): Promise<void>
}

/** Starts one that holds nothing yet. */
export async function startScriptedChanges(): Promise<ScriptedChanges> {
  const api = new ScriptedApi()
  await api.start()
  const told: string[] = []
  const client = createApiClient(api.config())
  return {
    ...{ api, told, cluster: viewCluster(client), changes: changeCluster(client, (text) => told.push(text)) },
    stop: async () => {
      client.close()
      await api.stop()
    },
  }
}
