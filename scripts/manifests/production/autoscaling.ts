import { COLLECTOR, INJECTOR, labelsOf } from '../../../src/install/object-names.ts'
import type { Manifest } from '../../../src/install/webhook-configurations.ts'

const SCALED = [
  { component: 'injector', name: INJECTOR, minReplicas: 3, maxReplicas: 10 },
  { component: 'collector', name: COLLECTOR, minReplicas: 2, maxReplicas: 10 },
] as const

/** Gives a HorizontalPodAutoscaler for injector and collector. Only our container counts: a proxy's idle CPU would hide its load. */
export function autoscalers(namespace: string): Manifest[] {
  return SCALED.map(({ component, name, minReplicas, maxReplicas }) => ({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, namespace, labels: labelsOf(component) },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas,
      maxReplicas,
      metrics: [
        {
          type: 'ContainerResource',
          containerResource: {
            name: 'cpu',
            container: component,
            target: { type: 'Utilization', averageUtilization: 70 },
          },
        },
      ],
    },
  }))
}

/** Takes an object, gives it without a number of replicas where an autoscaler decides: each apply would set it back. */
export function withoutReplicas(object: Manifest): Manifest {
  const { name } = object['metadata'] as { readonly name: string }
  if (object['kind'] !== 'Deployment' || !SCALED.some((scaled) => scaled.name === name)) return object
  const { replicas: _, ...spec } = object['spec'] as Manifest
  return { ...object, spec }
}
