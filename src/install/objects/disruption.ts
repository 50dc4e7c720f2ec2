import { type Component, labelsOf } from '../object-names.ts'
import type { Manifest } from '../webhook-configurations.ts'
import { selectorOf } from './pod-labels.ts'

interface BudgetParts {
  readonly component: Component
  readonly name: string
  readonly namespace: string
}

/**
 * Takes a component, gives its PodDisruptionBudget: one Pod at a time. Said as what may be missing, so that a single
 * replica does not keep its node from being drained; Pods that are not ready never do.
 */
export function disruptionBudget({ component, name, namespace }: BudgetParts): Manifest {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace, labels: labelsOf(component) },
    spec: {
      maxUnavailable: 1,
      selector: { matchLabels: selectorOf(component) },
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    },
  }
}
