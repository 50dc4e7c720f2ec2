import { type JsonObject, objectOf } from '../../injection/json.ts'
import type { Component } from '../../install/object-names.ts'
import { collectorServices, jaegerService } from '../../install/objects/services.ts'
import { bridgeOutcome } from './bridge-check.ts'
import {
  type Check,
  type CheckCategory,
  type CheckOutcome,
  failure,
  failureForNow,
  failureUnlessEmpty,
  omitted,
  success,
} from './check.ts'
import type { CheckContext } from './check-context.ts'
import { type ComponentState, DEPLOYMENTS, readComponent, replicasOf } from './component-state.ts'
import { IMAGE_CHECK } from './image-check.ts'
import { injectorArguments } from './injector-arguments.ts'
import { demandLayout } from './installed-layout.ts'
import { podReadiness } from './pod-readiness.ts'
import { shownValues } from './shown-values.ts'
import { APPLY_AGAIN, problemsOf } from './wanted-objects.ts'

/** The Deployments of the product, and their Pods: nobody else's are judged. */
export const COMPONENTS: CheckCategory<CheckContext> = {
  name: 'linkerd-tracing-components',
  checks: [
    readyCheck('injector', 'the injector is ready', 'the-injector-is-ready'),
    readyCheck('collector', 'the collector is ready', 'the-collector-is-ready'),
    readyCheck('jaeger', 'Jaeger is ready', 'jaeger-is-ready'),
    IMAGE_CHECK,
    meshedCheck('collector', 'the collector’s Pods are meshed', 'the-collectors-pods-are-meshed'),
    meshedCheck('jaeger', 'Jaeger’s Pods are meshed', 'jaegers-pods-are-meshed'),
    {
      description: 'the bridge is ready',
      hint: 'the-bridge-is-ready',
      run: async (context) => {
        const { namespace } = await demandLayout(context)
        const collector = await readComponent(context, namespace, 'collector')
        if (collector === undefined) return omitted()
        return bridgeOutcome(collector, await injectorArguments(context.cluster, namespace))
      },
    },
    {
      description: 'Services of collector and Jaeger are as installed',
      hint: 'services-of-collector-and-jaeger-are-as-installed',
      run: async (context) => {
        const layout = await demandLayout(context)
        const values = await shownValues(context, layout)
        if ((await readComponent(context, layout.namespace, 'collector')) === undefined) return omitted()
        const wanted = [
          ...collectorServices(values),
          ...(values.jaeger.storage === 'none' ? [] : [jaegerService(values)]),
        ]
        const problems = await problemsOf(context.cluster, wanted)
        return failureUnlessEmpty(problems.length === 0 ? [] : [...problems, APPLY_AGAIN])
      },
    },
  ],
}

function readyCheck(component: Component, description: string, hint: string): Check<CheckContext> {
  return {
    description,
    hint,
    run: async (context) => {
      const { namespace } = await demandLayout(context)
      const found = await readComponent(context, namespace, component)
      if (found !== undefined) return readyOutcome(found)
      if (!(await isWanted(context, namespace, component))) return omitted()
      return failure(`Deployment ${namespace}/${DEPLOYMENTS[component]} is missing; ${APPLY_AGAIN}`)
    },
  }
}

/** Jaeger may be left out for a backend of the user's, and the collector for one that the injector is told of. */
async function isWanted({ cluster }: CheckContext, namespace: string, component: Component): Promise<boolean> {
  if (component === 'injector') return true
  if (component === 'collector') {
    const address = (await injectorArguments(cluster, namespace))('collector-address') ?? ''
    return address === '' || OWN_COLLECTOR.exec(address)?.[1] === namespace
  }
  const service = await cluster.get({ root: '/api/v1', plural: 'services', namespace }, DEPLOYMENTS.jaeger)
  return service !== undefined
}

/** Our own Services of the collector, in the namespace that the address names. */
const OWN_COLLECTOR = /^linkerd-collector(?:-headless)?\.([^.:]+)/

/** Takes a component, gives whether all of its Pods are ready, and of the current template. Pure. */
export function readyOutcome({ name, namespace, deployment, pods }: ComponentState): CheckOutcome {
  const wanted = replicasOf(deployment)
  const status = objectOf(deployment, 'status')
  const [ready, updated] = [countOf(status, 'readyReplicas'), countOf(status, 'updatedReplicas')]
  if (wanted === 0)
    return failure(
      `Deployment ${namespace}/${name} is scaled to no Pod: kubectl scale -n ${namespace} deploy/${name} --replicas=1`,
    )
  if (ready >= wanted && updated >= wanted) return success(`${ready} of ${wanted}`)
  const told = pods
    .map(podReadiness)
    .flatMap((pod) => (pod.isReady ? [] : [`Pod ${namespace}/${pod.name} ${pod.obstacle}`]))
  const what =
    ready < wanted ? `${ready} of ${wanted} Pods are ready` : `${updated} of ${wanted} Pods are of the current template`
  const none = pods.length === 0 ? [`it has no Pod: kubectl describe -n ${namespace} replicasets tells why`] : []
  return failureForNow([`Deployment ${namespace}/${name}: ${what}`, ...told, ...none].join('\n'))
}

function countOf(status: JsonObject | undefined, key: string): number {
  const count = status?.[key]
  return typeof count === 'number' ? count : 0
}

function meshedCheck(component: Component, description: string, hint: string): Check<CheckContext> {
  return {
    description,
    hint,
    run: async (context) => {
      const { namespace } = await demandLayout(context)
      const found = await readComponent(context, namespace, component)
      return found === undefined || found.pods.length === 0 ? omitted() : meshedOutcome(found)
    },
  }
}

/** Takes a component, gives whether each of its Pods has Linkerd's proxy, without which no span reaches it. Pure. */
export function meshedOutcome({ name, namespace, pods }: ComponentState): CheckOutcome {
  const bare = pods.map(podReadiness).filter(({ hasProxy }) => !hasProxy)
  if (bare.length === 0) return success()
  return failure(
    [
      ...bare.map((pod) => `Pod ${namespace}/${pod.name} has no proxy: no span reaches it, and it never becomes ready`),
      `when Pods get theirs (the checks of the webhook tell), restart it: kubectl rollout restart -n ${namespace} deploy/${name}`,
    ].join('\n'),
  )
}
