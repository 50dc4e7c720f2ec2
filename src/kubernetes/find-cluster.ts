import { accessSync } from 'node:fs'
import { isIPv6 } from 'node:net'
import { delimiter, join } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node'
import { type ClusterChoice, isClusterChosen, isKubeconfigAsked } from './cluster-choice.ts'

/** A cluster that was asked for and cannot be used; the message names the file, the context or the variable. */
export class ClusterConfigError extends Error {
  override readonly name = 'ClusterConfigError'
}

const SERVICE_ACCOUNT_DIRECTORY = '/var/run/secrets/kubernetes.io/serviceaccount'

/**
 * Takes the choice of a cluster, gives access to it: to that of a kubeconfig when one is asked for, else to the one that
 * we run in. Throws ClusterConfigError when it cannot be used.
 */
export function findCluster(choice: ClusterChoice): KubeConfig {
  if (!isKubeconfigAsked(choice)) return fromServiceAccount(choice)
  return fromFiles(kubeconfigFiles(choice.kubeconfig, choice.env), choice.context)
}

/**
 * Takes the choice of a cluster, gives access to it as kubectl would have it: where nothing is asked for and this is no
 * Pod, the kubeconfig that lies around is meant by whoever typed a command. Throws ClusterConfigError.
 */
export function findKubectlCluster(choice: ClusterChoice): KubeConfig {
  return isClusterChosen(choice) ? findCluster(choice) : fromFiles(kubeconfigFiles(undefined, choice.env), undefined)
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

function fromServiceAccount({ env, serviceAccountDirectory = SERVICE_ACCOUNT_DIRECTORY }: ClusterChoice): KubeConfig {
  const host = env['KUBERNETES_SERVICE_HOST'] ?? ''
  const port = env['KUBERNETES_SERVICE_PORT'] ?? '443'
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
