import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type KeyPair, makeAuthority, makeClientPair, makeServingPair, makeTokenKeys } from './certificates.ts'
import { writeKubeconfig } from './kubeconfig.ts'

/** Makes the folder that holds all of a cluster: keys, data, logs. Only this user can look into it. */
export function makeClusterFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'linkerd-tracing-cluster-'))
}

/** Every file of a cluster, by what it is for; the programs' flags are made of these. */
export function clusterFiles(folder: string) {
  const at = (name: string) => join(folder, name)
  return {
    folder,
    authority: at('ca.crt'),
    servingCert: at('serving.crt'),
    servingKey: at('serving.key'),
    tokenKey: at('service-account.key'),
    tokenPublicKey: at('service-account.pub'),
    auditPolicy: at('audit-policy.yaml'),
    auditLog: at('audit.log'),
    kubeconfig: at('kubeconfig.yaml'),
    controllerManagerKubeconfig: at('kube-controller-manager.kubeconfig.yaml'),
    etcdData: at('etcd'),
    log: (program: string) => at(`${program}.log`),
  }
}

export type ClusterFiles = ReturnType<typeof clusterFiles>

// The first address of SERVICE_RANGE in ./api-server.ts is the Service `kubernetes`.
const SERVING_NAMES = ['localhost', '127.0.0.1', 'kubernetes.default.svc', '10.96.0.1']

// One line for each finished request. Metadata is the lowest level that has the webhooks' audit annotations.
const AUDIT_POLICY = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: Metadata
`

/** Writes certificates, keys, kubeconfigs and the audit policy for an API server at `server`. */
export async function writeClusterFiles(files: ClusterFiles, server: string): Promise<void> {
  const authority = await makeAuthority('test cluster CA')
  const [serving, admin, controllerManager] = await Promise.all([
    makeServingPair(authority, SERVING_NAMES),
    makeClientPair(authority, { user: 'admin', group: 'system:masters' }),
    makeClientPair(authority, { user: 'system:kube-controller-manager' }),
  ])
  const tokens = makeTokenKeys()
  const access = { server, authority: authority.cert }
  await Promise.all([
    writeFile(files.authority, authority.cert),
    writePair(files, serving),
    writeFile(files.tokenKey, tokens.privateKey, { mode: 0o600 }),
    writeFile(files.tokenPublicKey, tokens.publicKey),
    writeFile(files.auditPolicy, AUDIT_POLICY),
    writeKubeconfig(files.kubeconfig, { ...access, user: { name: 'admin', pair: admin } }),
    writeKubeconfig(files.controllerManagerKubeconfig, {
      ...access,
      user: { name: 'kube-controller-manager', pair: controllerManager },
    }),
  ])
}

async function writePair(files: ClusterFiles, { cert, key }: KeyPair): Promise<void> {
  await writeFile(files.servingCert, cert)
  await writeFile(files.servingKey, key, { mode: 0o600 })
}
