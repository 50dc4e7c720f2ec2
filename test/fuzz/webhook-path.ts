import type { AnsweredReview } from '../../src/admission/answered-review.ts'
import { createReviewAnswerer } from '../../src/http/answer-review.ts'
import { buildWebhookServer } from '../../src/http/webhook-server.ts'
import type { InstallSettings } from '../../src/injection/install-settings.ts'
import type { NamespaceMeta } from '../../src/injection/pod-request.ts'
import { issueCertificate } from '../../src/tls/issue-certificate.ts'

/** What is known when a body comes. */
export interface Known {
  readonly namespace: NamespaceMeta | undefined
  readonly settings: InstallSettings
}

export interface PathAnswer {
  readonly status: number
  readonly text: string
}

/** From a body to its answer as the shipped server has it, without a network: routes, limits, parser, decision, patch. */
export interface WebhookPath {
  answer(body: Buffer, known: Known): Promise<PathAnswer>
  /** What went wrong with us so far. */
  readonly faults: readonly unknown[]
}

/** Makes the shipped server; it never listens. */
export async function openWebhookPath(): Promise<WebhookPath> {
  const day = 86_400_000
  const notBefore = new Date()
  const issued = issueCertificate({ names: ['localhost'], notBefore, notAfter: new Date(notBefore.getTime() + day) })
  const { certPem, keyPem } = await issued
  const faults: unknown[] = []
  let now: Known | undefined
  const known = (): Known => {
    if (now === undefined) throw new Error('nothing is known before a body comes')
    return now
  }
  const ports = {
    readNamespace: () => known().namespace,
    settings: () => known().settings,
    report: ({ fault }: AnsweredReview) => {
      if (fault !== undefined) faults.push(fault)
    },
  }
  const { app } = buildWebhookServer({
    certificate: { certPem, keyPem },
    review: createReviewAnswerer(ports),
    countBadRequest: () => {},
    startRequest: () => () => {},
    onFault: (error) => faults.push(error),
  })
  await app.ready()
  return {
    faults,
    answer: async (body, next) => {
      now = next
      // A copy: the server gives the memory of what it has read back.
      const headers = { host: 'localhost', 'content-type': 'application/json', 'content-length': String(body.length) }
      const answer = await app.inject({
        method: 'POST',
        url: '/mutate?timeout=3s',
        headers,
        payload: Buffer.from(body),
      })
      return { status: answer.statusCode, text: answer.body }
    },
  }
}
