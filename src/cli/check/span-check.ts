import { reachCollector, reachJaeger } from '../traces/reach-pod.ts'
import { SpanRefusedError } from '../traces/span-probe.ts'
import { type CheckCategory, type CheckOutcome, failure, failureForNow, omitted, success } from './check.ts'
import type { CheckContext } from './check-context.ts'
import { demandLayout } from './installed-layout.ts'

/** Whether a span that the collector is given comes out of Jaeger; asked for by `--span`, because it leaves a trace there. */
export const SPAN: CheckCategory<CheckContext> = {
  name: 'linkerd-tracing-span',
  checks: [
    {
      description: 'a span that is sent comes out of Jaeger',
      hint: 'a-span-that-is-sent-comes-out-of-jaeger',
      run: async (context) => {
        const probe = context.asked.span
        if (probe === undefined) return omitted()
        const { namespace } = await demandLayout(context)
        const refused = await sendOutcome(context, namespace)
        if (refused !== undefined) return refused
        const jaeger = await reachJaeger(context, namespace)
        try {
          return (await probe.arrives(jaeger.url)) ? success(`trace ${probe.traceId}`) : failureForNow(lost(namespace))
        } finally {
          await jaeger.close()
        }
      },
    },
  ],
}

/** Gives what is the matter when the collector does not take it; undefined when it does. */
async function sendOutcome(context: CheckContext, namespace: string): Promise<CheckOutcome | undefined> {
  const collector = await reachCollector(context, namespace)
  try {
    await context.asked.span?.send(collector.url)
    return undefined
  } catch (error) {
    if (error instanceof SpanRefusedError) return failure(`the collector does not take the span: ${error.message}`)
    throw error
  } finally {
    await collector.close()
  }
}

function lost(namespace: string): string {
  return [
    'the collector took the span, and Jaeger does not have it',
    `does the collector reach Jaeger? kubectl logs -n ${namespace} deploy/linkerd-collector -c collector tells`,
  ].join('\n')
}
