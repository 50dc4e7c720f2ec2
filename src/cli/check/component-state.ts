import { isJsonObject, type JsonObject, listOf, objectOf, textOf } from '../../injection/json.ts'
import { COLLECTOR, type Component, INJECTOR, JAEGER } from '../../install/object-names.ts'
import { selectorOf } from '../../install/objects/pod-labels.ts'
import type { CheckContext } from './check-context.ts'
import { containersOf, isEnding } from './pod-readiness.ts'

/** A part of the product, as it stands in the cluster. */
export interface ComponentState {
  /** Of its Deployment. */
  readonly name: string
  readonly namespace: string
  readonly deployment: JsonObject
  /** Those that are not about to end. */
  readonly pods: readonly JsonObject[]
}

export const DEPLOYMENTS: Readonly<Record<Component, string>> = {
  injector: INJECTOR,
  collector: COLLECTOR,
  jaeger: JAEGER,
}

/** Takes our namespace and a component, gives its Deployment and Pods; undefined when there is no such Deployment. */
export async function readComponent(
  { cluster }: Pick<CheckContext, 'cluster'>,
  namespace: string,
  component: Component,
): Promise<ComponentState | undefined> {
  const name = DEPLOYMENTS[component]
  const deployment = await cluster.get({ root: '/apis/apps/v1', plural: 'deployments', namespace }, name)
  if (deployment === undefined) return undefined
  const labels = Object.entries(selectorOf(component)).map(([key, value]) => `${key}=${value}`)
  const pods = (await cluster.list({ root: '/api/v1', plural: 'pods', namespace }, labels.join(','))) ?? []
  return { name, namespace, deployment, pods: pods.filter((pod) => !isEnding(pod)) }
}

/** Takes a Deployment, gives the container of that name in its template; undefined when there is none. Pure. */
export function templateContainer(deployment: JsonObject, name: string): JsonObject | undefined {
  const template = objectOf(objectOf(deployment, 'spec'), 'template')
  return template && containersOf(template).find((container) => textOf(container, 'name') === name)
}

/** Takes a Deployment, gives the images of its template, in their order. Pure. */
export function templateImages(deployment: JsonObject): string[] {
  const spec = objectOf(objectOf(objectOf(deployment, 'spec'), 'template'), 'spec')
  return listOf(spec, 'containers')
    .filter(isJsonObject)
    .map((container) => textOf(container, 'image') ?? '')
}

/** Takes a Deployment, gives how many Pods it is to have. Pure. */
export function replicasOf(deployment: JsonObject | undefined): number {
  const replicas = objectOf(deployment, 'spec')?.['replicas']
  return typeof replicas === 'number' ? replicas : 1
}
