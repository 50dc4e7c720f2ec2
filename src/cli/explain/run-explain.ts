import type { CheckContext } from '../check/check-context.ts'
import { nameOf } from '../check/entries.ts'
import type { CliContext } from '../context.ts'
import type { LinkerdFlags } from '../linkerd-flags.ts'
import { openCluster } from '../open-cluster.ts'
import { createProgressLine } from '../progress-line.ts'
import { isColoured, isTerminal } from '../terminal.ts'
import type { ExplainOutput } from './explain-outputs.ts'
import { type FoundPod, findPod } from './find-pod.ts'
import { gatherFacts } from './gather-facts.ts'
import type { JudgedLink } from './link.ts'
import { firstBroken, judgeLinks } from './links.ts'
import { printExplanation } from './print-explanation.ts'
import { parseTarget, type Target } from './target.ts'

export interface ExplainFlags extends LinkerdFlags {
  readonly namespace?: string
  readonly output: ExplainOutput
  readonly jaegerUrl?: string
}

/** Takes what to explain and the flags, prints every link, gives the exit code: 1 when one is broken. Throws a sentence. */
export async function runExplain(text: string, flags: ExplainFlags, context: CliContext): Promise<number> {
  const target = parseTarget(text)
  const opened = openCluster(flags, context)
  try {
    const { view: cluster, openPort } = opened
    const namespace = flags.namespace ?? opened.namespace
    const { linkerdNamespace, jaegerUrl, output } = flags
    const checked: CheckContext = { cluster, linkerdNamespace, now: new Date(), openPort, asked: { jaegerUrl } }
    const { pod, others, links } = await withProgress(context, (onStep) =>
      judgeTarget(checked, { namespace, target, onStep }),
    )
    const workload = target.kind === 'pod' ? {} : { workload: `${target.kind}/${target.name}` }
    const explanation = { namespace, pod: nameOf(pod), ...workload, others, links }
    context.stdout.write(printExplanation(explanation, { output, hasColour: isColoured(context) }))
    return firstBroken(links) === undefined ? 0 : 1
  } finally {
    opened.close()
  }
}

interface Judging {
  readonly namespace: string
  readonly target: Target
  readonly onStep: (text: string) => void
}

async function judgeTarget(
  context: CheckContext,
  { namespace, target, onStep }: Judging,
): Promise<FoundPod & { readonly links: readonly JudgedLink[] }> {
  const found = await findPod(context.cluster, namespace, target)
  const facts = await gatherFacts(context, { podNamespace: namespace, pod: found.pod, onStep })
  return { ...found, links: judgeLinks(facts) }
}

/** A step may take half a minute where an API server reaches no node. */
const TELL_MS = 500

/** Does work, and says on a terminal what it is at. */
async function withProgress<T>(
  { stderr }: CliContext,
  work: (onStep: (text: string) => void) => Promise<T>,
): Promise<T> {
  const write = (text: string) => void stderr.write(text)
  const progress = createProgressLine({ write, isTerminal: isTerminal(stderr), now: () => performance.now() })
  let step = 'looking for the Pod'
  const telling = setInterval(() => progress.show(`explain: ${step}`), TELL_MS)
  try {
    return await work((text) => (step = text))
  } finally {
    clearInterval(telling)
    progress.clear()
  }
}
