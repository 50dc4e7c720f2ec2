import type { ClusterFiles } from './cluster-files.ts'

const SERVICE_RANGE = '10.96.0.0/16'

export interface ApiServerPlace {
  readonly port: number
  readonly etcdPort: number
  /** `1.35`: behave as that version would. */
  readonly emulatedVersion?: string | undefined
  /** Further flags. */
  readonly flags?: readonly string[] | undefined
}

/**
 * kube-apiserver's flags: RBAC, admission plugins and feature gates at their defaults for the (emulated) version,
 * so that what is seen here is what a cluster of that version does.
 */
export function apiServerFlags(
  files: ClusterFiles,
  { port, etcdPort, emulatedVersion, flags = [] }: ApiServerPlace,
): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${port}`,
    // The Service `kubernetes` would need an endpoint that is not loopback.
    '--endpoint-reconciler-type=none',
    `--service-cluster-ip-range=${SERVICE_RANGE}`,
    '--authorization-mode=Node,RBAC',
    // Linkerd's proxy-init asks for NET_ADMIN, node agents for `privileged`; every installer sets this.
    '--allow-privileged=true',
    `--tls-cert-file=${files.servingCert}`,
    `--tls-private-key-file=${files.servingKey}`,
    `--client-ca-file=${files.authority}`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${files.tokenPublicKey}`,
    `--service-account-signing-key-file=${files.tokenKey}`,
    `--audit-policy-file=${files.auditPolicy}`,
    `--audit-log-path=${files.auditLog}`,
    // Told to stop, it would wait a minute for the controller manager's watches; this has it end them itself.
    '--shutdown-watch-termination-grace-period=2s',
    ...(emulatedVersion === undefined ? [] : [`--emulated-version=${emulatedVersion}`]),
    ...flags,
  ]
}
