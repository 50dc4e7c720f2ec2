import type { ClusterFiles } from './cluster-files.ts'

/** etcd's flags: one member, on loopback. */
export function etcdFlags(files: ClusterFiles, { etcd, etcdPeer }: { etcd: number; etcdPeer: number }): string[] {
  const client = `http://127.0.0.1:${etcd}`
  const peer = `http://127.0.0.1:${etcdPeer}`
  return [
    `--data-dir=${files.etcdData}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    // The data is thrown away: a power cut may cost it.
    '--unsafe-no-fsync',
    '--log-level=warn',
  ]
}
