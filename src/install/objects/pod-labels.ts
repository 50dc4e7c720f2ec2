import { COMPONENT, INJECT, LINKERD_INJECT } from '../../injection/metadata-names.ts'
import { type Component, labelsOf } from '../object-names.ts'

/** Takes a component, gives the labels that its Pods are selected by, for ever: a Deployment's selector cannot change. */
export function selectorOf(component: Component): Readonly<Record<string, string>> {
  const { 'app.kubernetes.io/name': name, 'app.kubernetes.io/component': part } = labelsOf(component)
  return { 'app.kubernetes.io/name': name, 'app.kubernetes.io/component': part }
}

/**
 * Takes a component, gives the labels of its Pods. Collector and Jaeger carry the product's own: nobody traces them, and
 * the injector marks them for Linkerd's.
 */
export function podLabels(component: Component): Readonly<Record<string, string>> {
  return { ...labelsOf(component), ...(component === 'injector' ? {} : { [COMPONENT]: component }) }
}

/** Labels that values cannot change. */
export const OWN_POD_LABELS: readonly string[] = [...Object.keys(labelsOf('injector')), COMPONENT, INJECT]

/** Changes with the configuration that a Pod reads when it starts, so that it is made anew. */
export const CONFIG_CHECKSUM = 'checksum/config'

/** Annotations that values cannot change. */
export const OWN_POD_ANNOTATIONS: readonly string[] = [LINKERD_INJECT, CONFIG_CHECKSUM]
