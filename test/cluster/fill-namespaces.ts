import { randomUUID } from 'node:crypto'
import type { ClusterAccess } from './cluster-access.ts'

/** What etcd takes in one transaction (its `--max-txn-ops`). */
const AT_ONCE = 128
const WRITERS = 4

export interface Filling {
  readonly count: number
  /** Each is called this and a number. */
  readonly prefix: string
  readonly labels: (name: string) => Readonly<Record<string, string>>
  /** Told now and then how many are written. */
  readonly onProgress?: (written: number) => void
}

/**
 * Writes Namespaces into etcd, past the API server, which takes a hundred times as long; it sees them as it would those of
 * another API server. Each has about 1 KiB, as one has that kubectl has applied.
 */
export async function fillNamespaces(cluster: Pick<ClusterAccess, 'ports'>, filling: Filling): Promise<void> {
  let next = 0
  let written = 0
  const write = async (): Promise<void> => {
    while (next < filling.count) {
      const first = next
      next = Math.min(filling.count, first + AT_ONCE)
      const names = Array.from({ length: next - first }, (_, index) => `${filling.prefix}-${first + index}`)
      await put(
        cluster.ports.etcd,
        names.map((name) => namespace(name, filling.labels(name))),
      )
      written += names.length
      filling.onProgress?.(written)
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, write))
}

type StoredNamespace = ReturnType<typeof namespace>

async function put(port: number, namespaces: readonly StoredNamespace[]): Promise<void> {
  const success = namespaces.map((object) => ({
    requestPut: { key: base64(`/registry/namespaces/${object.metadata.name}`), value: base64(JSON.stringify(object)) },
  }))
  const response = await fetch(`http://127.0.0.1:${port}/v3/kv/txn`, {
    method: 'POST',
    body: JSON.stringify({ success }),
  })
  if (!response.ok) throw new Error(`etcd: ${response.status} ${await response.text()}`)
}

function namespace(name: string, ofItsOwn: Readonly<Record<string, string>>) {
  const labels = { 'kubernetes.io/metadata.name': name, ...ofItsOwn }
  const metadata = { name, uid: randomUUID(), creationTimestamp: '2026-01-01T00:00:00Z', labels }
  const [kind, apiVersion] = ['Namespace', 'v1']
  const applied = JSON.stringify({ apiVersion, kind, metadata: { annotations: {}, labels: ofItsOwn, name } })
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': `${applied}\n` }
  const fieldsV1 = {
    'f:metadata': {
      'f:annotations': { '.': {}, 'f:kubectl.kubernetes.io/last-applied-configuration': {} },
      'f:labels': Object.fromEntries(
        ['.', ...Object.keys(labels)].map((label) => [label === '.' ? label : `f:${label}`, {}]),
      ),
    },
  }
  const managedFields = [
    {
      ...{ manager: 'kubectl-client-side-apply', operation: 'Update', apiVersion, time: '2026-01-01T00:00:00Z' },
      ...{ fieldsType: 'FieldsV1', fieldsV1 },
    },
  ]
  return {
    ...{ kind, apiVersion, metadata: { ...metadata, annotations, managedFields } },
    ...{ spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } },
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
