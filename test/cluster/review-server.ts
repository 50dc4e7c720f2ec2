import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { makeAuthority, makeServingPair } from './control-plane/certificates.ts'

export interface ReviewRequest {
  readonly uid: string
  readonly kind: { readonly kind: string }
  readonly namespace: string
  readonly name?: string
  readonly dryRun: boolean
  // biome-ignore lint/suspicious/noExplicitAny: a raw Pod or Service, looked into only where the test's webhook wants to
  readonly object: any
}

/** What a test's webhook says of one request. */
export interface ReviewAnswer {
  /** RFC 6902; none or an empty one changes nothing. */
  readonly patch?: readonly object[]
  readonly warnings?: readonly string[]
}

export interface ReviewServer {
  readonly port: number
  /** PEM, for the configuration's caBundle (in base64). */
  readonly authority: string
  close(): Promise<void>
}

/** The host name that the API server demands of the certificate of a webhook behind a Service. */
export function serviceHost(service: { namespace: string; name: string }): string {
  return `${service.name}.${service.namespace}.svc`
}

/** Serves a webhook of the tests for one Service, over HTTPS on loopback, with a CA of its own. */
export async function serveReviews(
  service: { namespace: string; name: string },
  answer: (request: ReviewRequest) => Promise<ReviewAnswer>,
): Promise<ReviewServer> {
  const authority = await makeAuthority(`${service.name} CA`)
  const server = createServer(await makeServingPair(authority, [serviceHost(service)]), listener(answer))
  // Longer than the 90 s for which the API server keeps an idle connection.
  server.keepAliveTimeout = 120_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    authority: authority.cert,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function listener(answer: (request: ReviewRequest) => Promise<ReviewAnswer>): RequestListener {
  return async (request, response) => {
    try {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const review = JSON.parse(Buffer.concat(chunks).toString('utf8'))
      const { patch = [], warnings } = await answer(review.request)
      const patched = patch.length === 0 ? {} : { patchType: 'JSONPatch', patch: base64(JSON.stringify(patch)) }
      const body = {
        ...review,
        request: undefined,
        response: { uid: review.request.uid, allowed: true, warnings, ...patched },
      }
      response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
    } catch (error) {
      response.writeHead(500).end(String(error))
    }
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

/** The Service through which the API server reaches a webhook of this machine; the configuration names the port. */
export function loopbackService({ namespace, name }: { namespace: string; name: string }): object {
  const spec = { type: 'ExternalName', externalName: 'localhost' }
  return { apiVersion: 'v1', kind: 'Service', metadata: { namespace, name }, spec }
}
