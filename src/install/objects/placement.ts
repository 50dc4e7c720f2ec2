import { isJsonObject } from '../../injection/json.ts'
import type { Component } from '../object-names.ts'
import { mergeValues } from '../values/merge-values.ts'
import type { InstallValues } from '../values/values-schema.ts'
import type { Manifest } from '../webhook-configurations.ts'
import { selectorOf } from './pod-labels.ts'

/** Where a component's Pods run. */
export type Placement = InstallValues['pods'] & {
  readonly affinity: Manifest
  readonly antiAffinity?: 'preferred' | 'required'
}

/** Takes the values and a component, gives what is said of all Pods with what is said of this component's laid over it. */
export function placementOf(values: InstallValues, component: Component): Placement {
  const { pods } = values
  const own: Placement = values[component]
  return {
    ...own,
    nodeSelector: merged(pods.nodeSelector, own.nodeSelector),
    annotations: merged(pods.annotations, own.annotations),
    labels: merged(pods.labels, own.labels),
    tolerations: [...pods.tolerations, ...own.tolerations],
    priorityClassName: own.priorityClassName || pods.priorityClassName,
  }
}

function merged(below: Readonly<Record<string, string>>, above: Readonly<Record<string, string>>) {
  return mergeValues(below, above) as Readonly<Record<string, string>>
}

/** Takes a component and its placement, gives the fields of a Pod's spec that say where it runs. */
export function placementFields(component: Component, placement: Placement): Manifest {
  const { nodeSelector, tolerations, priorityClassName, affinity, antiAffinity } = placement
  return {
    ...(isFilled(nodeSelector) && { nodeSelector }),
    ...(tolerations.length > 0 && { tolerations }),
    ...(priorityClassName !== '' && { priorityClassName }),
    ...(isFilled(affinity) ? { affinity } : apart(component, antiAffinity)),
  }
}

/** Replicas on different nodes, and in different zones where there are any. */
function apart(component: Component, antiAffinity: Placement['antiAffinity']): Manifest {
  if (antiAffinity === undefined) return {}
  const labelSelector = { matchLabels: selectorOf(component) }
  const term = { topologyKey: 'kubernetes.io/hostname', labelSelector }
  const podAntiAffinity =
    antiAffinity === 'required'
      ? { requiredDuringSchedulingIgnoredDuringExecution: [term] }
      : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] }
  return {
    affinity: { podAntiAffinity },
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway', labelSelector },
    ],
  }
}

function isFilled(value: unknown): boolean {
  return isJsonObject(value) && Object.keys(value).length > 0
}
