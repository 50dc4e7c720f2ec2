import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node'
import { type AuditEvent, readAuditLog } from './audit-log.ts'
import { clusterFiles } from './control-plane/cluster-files.ts'
import { writeKubeconfig } from './control-plane/kubeconfig.ts'
import type { ClusterPorts } from './control-plane/servers.ts'
import { waitUntil } from './control-plane/wait-until.ts'
import { type KubectlAnswer, KubectlError, runKubectl } from './kubectl.ts'

/** What it takes to use a running cluster, as plain data: vitest hands it from its global setup to the test files. */
export interface ClusterFacts {
  /** Where its keys, data and logs are; gone when the cluster is. */
  readonly folder: string
  /** `https://127.0.0.1:PORT` */
  readonly server: string
  /** The admin's. */
  readonly kubeconfig: string
  readonly kubectlProgram: string
  readonly ports: ClusterPorts
  readonly hasControllerManager: boolean
}

export interface NewNamespace {
  readonly name: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

/** A running cluster, to be used and not to be stopped. */
export interface ClusterAccess extends ClusterFacts {
  /** Runs kubectl as admin; throws KubectlError when it ends with another code than 0. */
  kubectl(...args: string[]): Promise<KubectlAnswer>
  /** The same with `stdin`, for `-f -`. */
  kubectlWith(stdin: string, ...args: string[]): Promise<KubectlAnswer>
  /** The admin's configuration for @kubernetes/client-node. */
  clientConfig(): KubeConfig
  /** Makes a Namespace in which Pods can be created at once: its ServiceAccount `default` is there. */
  createNamespace(namespace: NewNamespace): Promise<void>
  /** Writes a kubeconfig with a token of that ServiceAccount, good for an hour, and gives its path. */
  serviceAccountKubeconfig(namespace: string, name: string): Promise<string>
  /** Asks `kubectl auth can-i`. */
  isAllowed(...right: string[]): Promise<boolean>
  /** Resolves when who that kubeconfig is for has a right, given as for `kubectl auth can-i`: roles apply some time after they are made. */
  untilAllowed(kubeconfig: string, ...right: string[]): Promise<void>
  /** Every finished request so far, as the API server's audit log has it. */
  audit(): AuditEvent[]
}

/** Makes a running cluster usable from any process of this machine. */
export function accessCluster(facts: ClusterFacts): ClusterAccess {
  const files = clusterFiles(facts.folder)
  const run = (args: readonly string[], stdin?: string) =>
    runKubectl({ program: facts.kubectlProgram, kubeconfig: facts.kubeconfig, home: facts.folder, args, stdin })
  const access: ClusterAccess = {
    ...facts,
    kubectl: (...args) => run(args),
    kubectlWith: (stdin, ...args) => run(args, stdin),
    clientConfig: () => {
      const config = new KubeConfig()
      config.loadFromFile(facts.kubeconfig)
      return config
    },
    createNamespace: (namespace) => createNamespace(access, namespace),
    serviceAccountKubeconfig: async (namespace, name) => {
      const { stdout } = await run(['create', 'token', name, '-n', namespace, '--duration=1h'])
      const file = join(facts.folder, `${namespace}.${name}.kubeconfig.yaml`)
      const authority = readFileSync(files.authority, 'utf8')
      await writeKubeconfig(file, { server: facts.server, authority, user: { name, token: stdout.trim() } })
      return file
    },
    // can-i ends with 1 when the answer is no.
    isAllowed: (...right) =>
      run(['auth', 'can-i', ...right]).then(
        () => true,
        () => false,
      ),
    untilAllowed: async (kubeconfig, ...right) => {
      const what = `the right to ${right.join(' ')}`
      await waitUntil({ what, limitMs: 20_000 }, () => access.isAllowed(...right, `--kubeconfig=${kubeconfig}`))
    },
    audit: () => readAuditLog(files.auditLog),
  }
  return access
}

async function createNamespace(access: ClusterAccess, { name, labels, annotations }: NewNamespace): Promise<void> {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels, annotations } }
  await access.kubectlWith(JSON.stringify(namespace), 'create', '-f', '-')
  await ensureDefaultServiceAccount(access, name)
}

/** A Pod needs the ServiceAccount `default`: waits for the controller manager to make it, or makes it where there is none. */
export async function ensureDefaultServiceAccount(access: ClusterAccess, namespace: string): Promise<void> {
  const hasDefault = () => access.kubectl('get', 'serviceaccount', 'default', '-n', namespace)
  if (access.hasControllerManager) {
    await waitUntil({ what: `the ServiceAccount default in ${namespace}`, limitMs: 20_000 }, hasDefault)
    return
  }
  await access.kubectl('create', 'serviceaccount', 'default', '-n', namespace).catch((error) => {
    if (!(error instanceof KubectlError && error.stderr.includes('AlreadyExists'))) throw error
  })
}
