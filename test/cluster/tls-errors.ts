import { readFileSync } from 'node:fs'
import { ENTRIES } from '../../src/install/object-names.ts'
import type { ClusterAccess } from './cluster-access.ts'
import { clusterFiles } from './control-plane/cluster-files.ts'

/** How Go's crypto/tls and crypto/x509 begin what they say; a connection that is refused or reset is none of these. */
const OF_TLS = /\b(x509|tls): /

/** What the API server has logged of calls to our entries that failed, since it was first started. */
export function readFailedCalls(cluster: ClusterAccess): string[] {
  const lines = readFileSync(clusterFiles(cluster.folder).log('kube-apiserver'), 'utf8').split('\n')
  return lines.filter((line) => Object.values(ENTRIES).some((name) => line.includes(name)))
}

/** Those of them that failed for a certificate. */
export function readTlsErrors(cluster: ClusterAccess): string[] {
  return readFailedCalls(cluster).filter((line) => OF_TLS.test(line))
}
