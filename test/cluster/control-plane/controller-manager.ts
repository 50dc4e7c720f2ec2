import type { ClusterFiles } from './cluster-files.ts'

// What turns a workload into Pods, a Namespace into something usable, and clears up after both. Controllers of nodes,
// volumes and certificates have nothing to do where no Pod ever runs.
const CONTROLLERS = [
  'deployment-controller',
  'replicaset-controller',
  'statefulset-controller',
  'daemonset-controller',
  'job-controller',
  'cronjob-controller',
  'endpointslice-controller',
  'serviceaccount-controller',
  'serviceaccount-token-controller',
  'root-ca-certificate-publisher-controller',
  'clusterrole-aggregation-controller',
  'disruption-controller',
  'namespace-controller',
  'garbage-collector-controller',
]

/** kube-controller-manager's flags. Each controller uses a ServiceAccount of its own, as on a real cluster. */
export function controllerManagerFlags(files: ClusterFiles, port: number): string[] {
  return [
    `--kubeconfig=${files.controllerManagerKubeconfig}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--tls-cert-file=${files.servingCert}`,
    `--tls-private-key-file=${files.servingKey}`,
    `--controllers=${CONTROLLERS.join(',')}`,
    '--use-service-account-credentials=true',
    `--service-account-private-key-file=${files.tokenKey}`,
    `--root-ca-file=${files.authority}`,
    '--leader-elect=false',
  ]
}
