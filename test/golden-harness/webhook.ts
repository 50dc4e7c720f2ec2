/** A webhook server of this program over real TLS, on a free port of the loopback. */
import { Agent, request } from 'node:https'
import type { NamespaceReader } from '../../src/admission/admit-pod.ts'
import { startServer } from '../../src/cli/start-server.ts'
import type { InstallSettings } from '../../src/injection/install-settings.ts'
import { createLogger } from '../../src/runtime/logger.ts'
import { issueCertificate } from '../../src/tls/issue-certificate.ts'

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}

export interface Webhook {
  url: string
  post(body: string, headers?: Record<string, string>): Promise<Answer>
  close(): Promise<void>
}

const HOUR = 3_600_000
let issued: ReturnType<typeof issueCertificate> | undefined

/** Starts what `serve` starts, without its process. Closing fails when a fault of ours was logged. */
export async function startWebhook(settings: InstallSettings, readNamespace: NamespaceReader): Promise<Webhook> {
  issued ??= issueCertificate({
    names: ['127.0.0.1'],
    notBefore: new Date(Date.now() - HOUR),
    notAfter: new Date(Date.now() + HOUR),
  })
  const { caPem, certPem, keyPem } = await issued
  const errors: string[] = []
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    adminPort: 0,
    certificate: { certPem, keyPem, notAfter: new Date(Date.now() + HOUR) },
    settings: () => settings,
    readNamespace,
    log: createLogger('error', { write: (line) => errors.push(line) }),
  })
  const url = `https://127.0.0.1:${server.port}/mutate?timeout=3s`
  const agent = new Agent({ keepAlive: true, ca: caPem })
  return {
    url,
    post: (body, headers = {}) => post(url, agent, { body, headers }),
    close: async () => {
      agent.destroy()
      await server.close()
      if (errors.length > 0) throw new Error(`the server logged ${errors[0]}`)
    },
  }
}

function post(url: string, agent: Agent, message: { body: string; headers: Record<string, string> }): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(message.body) }
  const call = request(url, { method: 'POST', agent, headers: { ...headers, ...message.headers } }, (response) => {
    const chunks: Buffer[] = []
    response.on('data', (chunk: Buffer) => chunks.push(chunk))
    response.on('error', reject)
    response.on('end', () =>
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        text: Buffer.concat(chunks).toString('utf8'),
      }),
    )
  })
  call.on('error', reject)
  call.end(message.body)
  return promise
}

export interface Response {
  uid: string
  allowed: boolean
  patchType?: string
  patch?: string
  warnings?: string[]
  auditAnnotations: Record<string, string>
}

/** The response in an answer, checked for what every answer has to be. */
export function responseIn(answer: Answer): Response {
  if (answer.status !== 200) throw new Error(`answered ${answer.status}: ${answer.text}`)
  const review = JSON.parse(answer.text) as { apiVersion: string; kind: string; response: Response }
  if (review.kind !== 'AdmissionReview' || Object.keys(review).length !== 3)
    throw new Error(`no review: ${answer.text}`)
  return review.response
}

export function patchIn(response: Response): unknown[] {
  if (response.patch === undefined) return []
  return JSON.parse(Buffer.from(response.patch, 'base64').toString('utf8')) as unknown[]
}
