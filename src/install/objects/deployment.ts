import type { Component } from '../object-names.ts'
import { labelsOf } from '../object-names.ts'
import type { InstallValues } from '../values/values-schema.ts'
import type { Manifest } from '../webhook-configurations.ts'
import { placementFields, placementOf } from './placement.ts'
import { podLabels, selectorOf } from './pod-labels.ts'

/** What differs between the Deployments. */
export interface DeploymentParts {
  readonly component: Component
  readonly name: string
  readonly replicas: number
  readonly strategy: Manifest
  /** Annotations of the Pods, beside those of the values. */
  readonly annotations: Readonly<Record<string, string>>
  readonly containers: readonly Manifest[]
  readonly volumes?: readonly Manifest[]
  /** Further fields of the Pods' spec. */
  readonly pod?: Manifest
}

/**
 * How long a Pod may take to end: the injector serves 20 s more while endpoints catch up and finishes what is in flight;
 * the collector 10 s more, while the bridge flushes, and then gives on what it has.
 */
const GRACE_SECONDS = 40

/** Takes the values and what is special about a Deployment, gives it. */
export function deployment(values: InstallValues, parts: DeploymentParts): Manifest {
  const { component, name, replicas, strategy, annotations, containers, volumes = [], pod = {} } = parts
  const placement = placementOf(values, component)
  const { imagePullSecrets } = values
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: values.namespace, labels: labelsOf(component) },
    spec: {
      replicas,
      revisionHistoryLimit: 5,
      selector: { matchLabels: selectorOf(component) },
      strategy,
      template: {
        metadata: {
          // ours last: values add to them, and cannot turn them around
          annotations: { ...placement.annotations, ...annotations },
          labels: { ...placement.labels, ...podLabels(component) },
        },
        spec: {
          serviceAccountName: name,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          terminationGracePeriodSeconds: GRACE_SECONDS,
          ...(imagePullSecrets.length > 0 && {
            imagePullSecrets: imagePullSecrets.map((secret) => ({ name: secret })),
          }),
          ...placementFields(component, placement),
          ...pod,
          containers,
          ...(volumes.length > 0 && { volumes }),
        },
      },
    },
  }
}

/** New Pods come first, one at a time; where two cannot be on a node, an old one has to go first. */
export function rollingStrategy(isCrowded: boolean): Manifest {
  const rollingUpdate = isCrowded ? { maxSurge: 0, maxUnavailable: 1 } : { maxSurge: 1, maxUnavailable: 0 }
  return { type: 'RollingUpdate', rollingUpdate }
}
