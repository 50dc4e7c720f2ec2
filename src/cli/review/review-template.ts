import { ApiError } from '../../kubernetes/api-error.ts'
import type { PodTemplate } from '../inject/pod-templates.ts'
import { comparable, optedOutPod, podOf } from './dry-run-pod.ts'
import type { ReviewContext, Reviewed } from './reviewed.ts'
import { whyNotAsked } from './why-not-asked.ts'

const SUMMARY = /^linkerd-tracing: dry run: (.*)$/

/**
 * Takes a template, has the API server create a Pod of it as a dry run, gives what was decided. Never rejects for what is
 * wrong with one workload: that is told, and the others are reviewed all the same.
 */
export async function reviewTemplate(template: PodTemplate, context: ReviewContext): Promise<Reviewed> {
  const namespace = template.namespace ?? context.defaultNamespace
  const reviewed = { workload: template.workload, namespace }
  const pods = { root: '/api/v1', plural: 'pods', namespace }
  const create = (pod: object) => context.cluster.dryRunCreate(pods, pod)
  try {
    const { object, warnings } = await create(podOf(template, namespace))
    const decision = warnings.flatMap((text) => SUMMARY.exec(text)?.[1] ?? [])[0]
    const others = warnings.filter((text) => !SUMMARY.test(text))
    if (decision === undefined) return { ...reviewed, ...(await whyNotAsked(object, context)), warnings: others }
    if (!isChanged(decision)) return { ...reviewed, decision, warnings: others }
    const { object: without } = await create(optedOutPod(template, namespace))
    const change = { before: comparable(without, template), after: comparable(object, template) }
    return { ...reviewed, decision, warnings: others, change }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { ...reviewed, decision: error.message, error: error.message, warnings: [] }
  }
}

function isChanged(decision: string): boolean {
  return /^(traced|marked):/.test(decision)
}
