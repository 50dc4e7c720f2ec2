import { type JsonObject, objectOf, textOf } from '../../injection/json.ts'
import { isOptedIn } from '../../injection/opt-in.ts'
import { SYSTEM_NAMESPACES } from '../../injection/own-places.ts'
import { reduceNamespace } from '../../kubernetes/namespace-meta.ts'
import { readInstallation } from '../pod-coverage/read-installation.ts'
import { type CheckCategory, type CheckOutcome, omitted, success, unchecked, warning } from './check.ts'
import { type CheckContext, NAMESPACES } from './check-context.ts'
import { nameOf } from './entries.ts'
import { demandLayout } from './installed-layout.ts'
import { type LivePod, proxyOfPod } from './live-pod.ts'
import { isEnding } from './pod-readiness.ts'
import { outdatedProblem, settingProblem, versionProblem } from './proxy-problems.ts'

/** The proxies of opted-in Namespaces. They are others' Pods: nothing about them is an error of the installation. */
export const PROXIES: CheckCategory<CheckContext> = {
  name: 'linkerd-tracing-proxies',
  checks: [
    {
      description: 'proxies are new enough',
      hint: 'proxies-are-new-enough',
      run: (context) => overProxies(context, versionProblem, 'newer Pods get a newer proxy: kubectl rollout restart'),
    },
    {
      description: 'proxies have settings that they accept',
      hint: 'proxies-have-settings-that-they-accept',
      run: (context) => overProxies(context, settingProblem, 'linkerd-tracing explain says more of one of them'),
    },
    {
      description: 'proxies have the settings of today',
      hint: 'proxies-have-the-settings-of-today',
      run: (context) => overProxies(context, outdatedProblem, 'new Pods get them: kubectl rollout restart'),
    },
  ],
}

type FindProblem = (live: LivePod) => string | undefined

async function overProxies(context: CheckContext, problemOf: FindProblem, advice: string): Promise<CheckOutcome> {
  const { proxies } = context.asked
  if (proxies === undefined) return omitted()
  const pods = await meshedPods(context, proxies.namespace)
  if (pods.length === 0) return unchecked('no Pod with a proxy is in an opted-in Namespace')
  const problems = pods.flatMap((live) => {
    const problem = problemOf(live)
    return problem === undefined ? [] : [`${live.podNamespace}/${nameOf(live.pod)}: ${problem}`]
  })
  if (problems.length === 0) return success(`${pods.length}`)
  return warning([...shortened(problems), advice].join('\n'))
}

/** As many as a person reads. */
const MAX_SHOWN = 10

function shortened(lines: readonly string[]): string[] {
  const left = lines.length - MAX_SHOWN
  return left <= 0 ? [...lines] : [...lines.slice(0, MAX_SHOWN), `and ${left} more`]
}

async function meshedPods(context: CheckContext, only: string | undefined): Promise<LivePod[]> {
  const { cluster } = context
  // Throws where nothing is installed, or may be read: then the defaults say nothing.
  await demandLayout(context)
  const { settings: install } = await readInstallation(context)
  if (only !== undefined && (await cluster.get(NAMESPACES, only)) === undefined)
    throw new Error(`Namespace ${only} is not there`)
  const all = (await cluster.list(NAMESPACES)) ?? []
  const namespaces = new Map(all.map((namespace) => [nameOf(namespace), reduceNamespace(namespace)]))
  const place = { root: '/api/v1', plural: 'pods', ...(only !== undefined && { namespace: only }) }
  const pods = (await cluster.list(place)) ?? []
  return pods.flatMap((pod) => {
    const podNamespace = namespaceOf(pod)
    const namespace = namespaces.get(podNamespace)
    if (namespace === undefined) return []
    const isMeant =
      !isEnding(pod) && !SYSTEM_NAMESPACES.includes(podNamespace) && isOptedIn({ podNamespace, namespace, install })
    return isMeant && proxyOfPod(pod) !== undefined ? [{ pod, podNamespace, namespace, install }] : []
  })
}

function namespaceOf(pod: JsonObject): string {
  return textOf(objectOf(pod, 'metadata'), 'namespace') ?? ''
}
