import type { CheckContext } from '../check/check-context.ts'
import { nameOf } from '../check/entries.ts'
import type { CliContext } from '../context.ts'
import type { LinkerdFlags } from '../linkerd-flags.ts'
import { openCluster } from '../open-cluster.ts'
import { findPod } from './find-pod.ts'
import { gatherFacts } from './gather-facts.ts'
import { firstBroken, judgeLinks } from './links.ts'
import { type ExplainOutput, printExplanation } from './print-explanation.ts'
import { parseTarget } from './target.ts'

export interface ExplainFlags extends LinkerdFlags {
  readonly namespace?: string
  readonly output: ExplainOutput
  readonly jaegerUrl?: string
}

/** Takes what to explain and the flags, prints every link, gives the exit code: 1 when one is broken. Throws a sentence. */
export async function runExplain(text: string, flags: ExplainFlags, context: CliContext): Promise<number> {
  const target = parseTarget(text)
  const { stdout, env } = context
  const opened = openCluster(flags, context)
  try {
    const namespace = flags.namespace ?? opened.namespace
    const cluster = opened.view
    const { pod, others } = await findPod(cluster, namespace, target)
    const { linkerdNamespace, jaegerUrl, output } = flags
    const asked = { jaegerUrl }
    const checked: CheckContext = { cluster, linkerdNamespace, now: new Date(), openPort: opened.openPort, asked }
    const links = judgeLinks(await gatherFacts(checked, namespace, pod))
    const workload = target.kind === 'pod' ? {} : { workload: `${target.kind}/${target.name}` }
    const hasColour = 'isTTY' in stdout && stdout.isTTY === true && (env['NO_COLOR'] ?? '') === ''
    const explanation = { namespace, pod: nameOf(pod), ...workload, others, links }
    stdout.write(printExplanation(explanation, { output, hasColour }))
    return firstBroken(links) === undefined ? 0 : 1
  } finally {
    opened.close()
  }
}
