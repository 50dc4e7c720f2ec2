import { parseSetting } from '../../config/parse-setting.ts'
import { quote } from '../../injection/quote.ts'
import type { CliContext } from '../context.ts'
import { parseManifests } from '../inject/parse-manifests.ts'
import { findPodTemplates, type PodTemplate } from '../inject/pod-templates.ts'
import { InputError, readSources } from '../inject/read-input.ts'
import type { LinkerdFlags } from '../linkerd-flags.ts'
import { openCluster } from '../open-cluster.ts'
import { printable } from '../printable.ts'
import { progressOn, whileShowing } from '../show-progress.ts'
import { isColoured } from '../terminal.ts'
import { reviewList, reviewText } from './print-review.ts'
import type { ReviewOutput } from './review-outputs.ts'
import { reviewTemplate } from './review-template.ts'
import type { Reviewed } from './reviewed.ts'

export interface ReviewFlags extends LinkerdFlags {
  readonly filename: readonly string[]
  readonly namespace: string
  readonly output: ReviewOutput
}

/**
 * Takes the flags of `review`, prints what was decided on each workload as soon as it is known, gives the exit code. Throws
 * InputError and ManifestError for input that cannot be used; then nothing was asked.
 */
export async function runReview(flags: ReviewFlags, context: CliContext): Promise<number> {
  const templates = await readTemplates(flags, context)
  if (templates.length === 0) context.stderr.write('note: there is no workload in the input\n')
  const { view: cluster, close } = openCluster(flags, context)
  const { linkerdNamespace, namespace: defaultNamespace, output } = flags
  const progress = progressOn(context.stderr)
  const reviewed: Reviewed[] = []
  try {
    // One after the other: each is two dry runs, which call every webhook of the cluster.
    for (const [index, template] of templates.entries()) {
      const what = `reviewing ${index + 1} of ${templates.length}: ${printable(template.workload)}`
      const one = await whileShowing(progress, what, () =>
        reviewTemplate(template, { cluster, linkerdNamespace, defaultNamespace }),
      )
      reviewed.push(one)
      if (output === 'text') context.stdout.write(reviewText(one, isColoured(context)))
    }
  } finally {
    close()
  }
  if (output !== 'text') context.stdout.write(reviewList(reviewed, output))
  return reviewed.some(({ error }) => error !== undefined) ? 1 : 0
}

async function readTemplates(
  { filename, namespace }: ReviewFlags,
  { stdin }: Pick<CliContext, 'stdin'>,
): Promise<PodTemplate[]> {
  const parsed = parseSetting('namespace', namespace)
  if ('rule' in parsed) throw new InputError(`--namespace ${quote(namespace)} ${parsed.rule}`)
  const sources = await readSources(filename, stdin)
  return sources.flatMap(parseManifests).flatMap((manifest) => {
    return manifest.type === 'document' ? findPodTemplates(manifest.value) : []
  })
}
