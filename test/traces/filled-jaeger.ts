import { waitUntil } from '../cluster/control-plane/wait-until.ts'
import { openOtlpClient } from './otlp/otlp-client.ts'
import type { Jaeger } from './processes/jaeger.ts'
import type { ShopTraces } from './shop-traces.ts'

/** Sends the traces to Jaeger, and waits until it has all of them. Gives the URL of its page. */
export async function fillJaeger(jaeger: Jaeger, shop: ShopTraces): Promise<string> {
  const base = `${jaeger.query}/jaeger`
  const client = openOtlpClient(jaeger.backend.endpoint)
  for (const request of shop.requests()) await client.send(request)
  client.close()
  // They are stored in the order in which they are sent.
  const last = shop.traces.at(-1)
  await waitUntil({ what: 'the last trace in Jaeger', limitMs: 60_000, context: jaeger.log }, async () => {
    const answer = await fetch(`${base}/api/traces/${last?.traceId}`, { headers: { connection: 'close' } })
    if (!answer.ok) return false
    const { data } = (await answer.json()) as { data: { spans: unknown[] }[] }
    return data[0]?.spans.length === last?.spans.length
  })
  return base
}
