import { accessSync } from 'node:fs'
import { isIPv6 } from 'node:net'
import { delimiter, join } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node'

/** A cluster that was asked for and cannot be used; the message names the file, the context or the variable. */
export class ClusterConfigError extends Error {
  override readonly name = 'ClusterConfigError'
}

export interface ClusterChoice {
  /** `--kubeconfig` and `--context`. */
  readonly kubeconfig?: string | undefined
  readonly context?: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where a Pod finds its ServiceAccount; another one in tests. */
  readonly serviceAccountDirectory?: string
}

const SERVICE_ACCOUNT_DIRECTORY = '/var/run/secrets/kubernetes.io/serviceaccount'

/**
 * Gives access to the cluster that we are to work with, undefined when there is none (standalone): a kubeconfig when
 * `--kubeconfig` or `--context` asks for one, else the cluster that we run in. A kubeconfig that merely lies around is
 * not taken: `npm start` on a developer's machine must not reach for whatever cluster kubectl last talked to.
 * Throws ClusterConfigError for a cluster that was asked for and cannot be used.
 */
export function findCluster(choice: ClusterChoice): KubeConfig | undefined {
  const { kubeconfig, context, env } = choice
  if (kubeconfig !== undefined || context !== undefined) return fromFiles(kubeconfigFiles(kubeconfig, env), context)
  return fromServiceAccount(choice)
}

function kubeconfigFiles(kubeconfig: string | undefined, env: ClusterChoice['env']): readonly string[] {
  if (kubeconfig !== undefined) return [kubeconfig]
  // kubectl's own order.
  const listed = (env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '')
  return listed.length > 0 ? listed : [join(env['HOME'] ?? env['USERPROFILE'] ?? '', '.kube', 'config')]
}

function fromFiles(files: readonly string[], context: string | undefined): KubeConfig {
  const config = new KubeConfig()
  for (const file of files) {
    try {
      const one = new KubeConfig()
      one.loadFromFile(file)
      // The first file's current context counts, as with kubectl.
      config.mergeConfig(one, config.currentContext !== undefined)
    } catch (cause) {
      throw new ClusterConfigError(`kubeconfig ${file} cannot be read: ${(cause as Error).message}`, { cause })
    }
  }
  if (context !== undefined) config.setCurrentContext(context)
  if (config.getCurrentCluster() === null) {
    const named = config.getCurrentContext()
    const known = config.getContexts().map(({ name }) => name)
    throw new ClusterConfigError(
      `kubeconfig ${files.join(', ')}: no cluster for context ${JSON.stringify(named ?? '')}; there are: ${known.join(', ') || 'none'}`,
    )
  }
  return config
}

function fromServiceAccount({ env, serviceAccountDirectory = SERVICE_ACCOUNT_DIRECTORY }: ClusterChoice) {
  const host = env['KUBERNETES_SERVICE_HOST']
  const port = env['KUBERNETES_SERVICE_PORT'] ?? '443'
  if (host === undefined || host === '') return undefined
  const caFile = join(serviceAccountDirectory, 'ca.crt')
  const tokenFile = join(serviceAccountDirectory, 'token')
  for (const file of [caFile, tokenFile]) assertReadable(file)
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`
  const config = new KubeConfig()
  config.loadFromOptions({
    clusters: [{ name: 'in-cluster', server, caFile, skipTLSVerify: false }],
    // client-node reads the token again every minute; the kubelet renews it long before the old one ends.
    users: [{ name: 'service-account', authProvider: { name: 'tokenFile', config: { tokenFile } } }],
    contexts: [{ name: 'in-cluster', cluster: 'in-cluster', user: 'service-account' }],
    currentContext: 'in-cluster',
  })
  return config
}

function assertReadable(file: string): void {
  try {
    accessSync(file)
  } catch (cause) {
    throw new ClusterConfigError(
      `KUBERNETES_SERVICE_HOST says that this is a Pod, but ${file} cannot be read: does the Pod have automountServiceAccountToken: false?`,
      { cause },
    )
  }
}
