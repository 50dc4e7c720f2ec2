import { Agent, request } from 'node:https'
import type { ClusterAccess } from './cluster-access.ts'
import type { LivePod } from './pods.ts'

export interface ApiAnswer {
  readonly status: number
  /** The object, or a Status that says why there is none. */
  readonly body: LivePod
  /** The Warning headers, as they came. */
  readonly warning: string
  /** From the first byte sent to the last one read. */
  readonly ms: number
}

/** A client that is quick enough for streams of requests: kubectl takes a tenth of a second of CPU for each. */
export interface ApiRequests {
  /** Posts an object to a path such as `/api/v1/namespaces`; rejects only when there is no answer at all. */
  post(path: string, object: object): Promise<ApiAnswer>
  createPod(pod: LivePod, options?: { readonly dryRun?: boolean }): Promise<ApiAnswer>
  close(): void
}

/** Connects as admin, over kept connections. */
export async function openApi(cluster: ClusterAccess): Promise<ApiRequests> {
  const credentials = {}
  await cluster.clientConfig().applyToHTTPSOptions(credentials)
  const agent = new Agent({ keepAlive: true })
  const options = { ...credentials, agent, method: 'POST' }
  const post = (path: string, object: object) =>
    new Promise<ApiAnswer>((resolve, reject) => {
      const body = JSON.stringify(object)
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
      const startedAt = performance.now()
      const sent = request(`${cluster.server}${path}`, { ...options, headers }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).once('error', reject)
        response.once('end', () => {
          const ms = performance.now() - startedAt
          const text = Buffer.concat(chunks).toString('utf8')
          const warning = response.headers['warning'] ?? ''
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text), warning, ms })
        })
      })
      sent.once('error', reject).end(body)
    })
  return {
    post,
    createPod: (pod, { dryRun = false } = {}) =>
      post(`/api/v1/namespaces/${pod.metadata.namespace}/pods${dryRun ? '?dryRun=All' : ''}`, pod),
    close: () => agent.destroy(),
  }
}
