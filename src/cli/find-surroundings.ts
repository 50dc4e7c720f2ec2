import type { NamespaceReader } from '../admission/admit-pod.ts'
import { type DiscoveredFacts, installSettings } from '../config/install-settings-of.ts'
import type { SettingValues } from '../config/setting-values.ts'
import type { InstallSettings } from '../injection/install-settings.ts'
import { type ClusterChoice, isClusterChosen } from '../kubernetes/cluster-choice.ts'
import type { Log } from '../runtime/logger.ts'
import type { Metrics } from '../runtime/metrics.ts'

/** What the webhook knows beside a Pod: of Namespaces, and of the mesh. */
export interface Surroundings {
  readonly readNamespace: NamespaceReader
  /** The settings of this moment. */
  readonly settings: () => InstallSettings
  /** Absent: there is nothing to wait for. */
  readonly cachesReady?: Promise<void>
  readonly stop: () => void
}

export interface SurroundingsParts {
  readonly values: SettingValues<'serve'>
  readonly install: InstallSettings
  readonly env: Readonly<Record<string, string | undefined>>
  readonly log: Log
  readonly metrics: Metrics
}

/**
 * Takes what `serve` was told, gives where Namespaces come from: a file, else a cluster, else nowhere. Then every
 * Namespace is unknown, and what is unknown counts as opted in (docs/decisions-on-pods.md). Throws NamespacesFileError and
 * ClusterConfigError; an API server that does not answer is waited for, unready.
 */
export async function findSurroundings(parts: SurroundingsParts): Promise<Surroundings> {
  const { values, install, env } = parts
  const alone = { settings: () => install, stop: () => {} }
  if (values.namespacesFile !== undefined) {
    // A parser of YAML is a third of what is loaded, and most have no such file.
    const { readNamespacesFile } = await import('../kubernetes/namespaces-file.ts')
    return { ...alone, readNamespace: await readNamespacesFile(values.namespacesFile) }
  }
  const choice = { kubeconfig: values.kubeconfig, context: values.context, env }
  return isClusterChosen(choice) ? watchCluster(parts, choice) : { ...alone, readNamespace: () => undefined }
}

async function watchCluster(parts: SurroundingsParts, choice: ClusterChoice): Promise<Surroundings> {
  const { values, log, metrics } = parts
  // Kubernetes' client costs some 40 MB and 100 ms, which nobody pays who has no cluster.
  const [{ findCluster }, { connectCluster }] = await Promise.all([
    import('../kubernetes/find-cluster.ts'),
    import('../kubernetes/connect-cluster.ts'),
  ])
  const { linkerdNamespace, collectorNamespace } = values
  const config = findCluster(choice)
  const cluster = connectCluster({ config, linkerdNamespace, collectorNamespace, log, metrics: metrics.cluster })
  return {
    readNamespace: cluster.readNamespace,
    settings: followFacts(values, cluster.discovered),
    cachesReady: cluster.ready,
    stop: cluster.stop,
  }
}

/** Settings change with the facts only, and are made anew only then. */
function followFacts(values: SettingValues<'serve'>, discovered: () => DiscoveredFacts): () => InstallSettings {
  let facts = discovered()
  let settings = installSettings(values, facts)
  return () => {
    if (discovered() !== facts) {
      facts = discovered()
      settings = installSettings(values, facts)
    }
    return settings
  }
}
