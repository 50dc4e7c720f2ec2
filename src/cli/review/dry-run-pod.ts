import { isJsonObject, type JsonObject, listOf, objectOf } from '../../injection/json.ts'
import { COMPONENT, INJECT } from '../../injection/metadata-names.ts'
import { MARKED_COMPONENTS } from '../../injection/own-places.ts'
import type { PodTemplate } from '../inject/pod-templates.ts'

/** Takes a template, gives a Pod of it as a controller would create it: under a name that the API server makes up. */
export function podOf({ pod, workload }: PodTemplate, namespace: string): JsonObject {
  const { labels, annotations } = metadataOf(pod)
  const [, name = ''] = workload.split('/')
  const metadata = { generateName: `${name.replace(/-$/, '') || 'review'}-`, namespace, labels, annotations }
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: pod['spec'] }
}

/**
 * Takes a template, gives the same Pod as it would be without tracing: opted out; a collector or Jaeger, which is marked
 * whether it opts out or not, without the label that makes it one.
 */
export function optedOutPod(template: PodTemplate, namespace: string): JsonObject {
  const pod = podOf(template, namespace)
  const { labels, ...others } = metadataOf(pod)
  return { ...pod, metadata: { ...others, labels: { ...withoutComponent(labels), [INJECT]: 'disabled' } } }
}

/** Takes what a dry run gave and its template, gives what is the same in each dry run, by the template's own labels. */
export function comparable(pod: JsonObject, template: PodTemplate): JsonObject {
  const { annotations } = metadataOf(pod)
  const labels = metadataOf(template.pod).labels
  const metadata = { ...(labels !== undefined && { labels }), ...(annotations !== undefined && { annotations }) }
  return { metadata, spec: withoutMadeUpNames(pod['spec']) as JsonObject }
}

function metadataOf(pod: JsonObject) {
  const metadata = objectOf(pod, 'metadata')
  return { ...metadata, labels: objectOf(metadata, 'labels'), annotations: objectOf(metadata, 'annotations') }
}

function withoutComponent(labels: JsonObject = {}): JsonObject {
  const { [COMPONENT]: component, ...others } = labels
  return MARKED_COMPONENTS.includes(String(component)) ? others : labels
}

/** The volume of a ServiceAccount's token ends in five letters that the API server makes up. */
function withoutMadeUpNames(spec: unknown): unknown {
  const found = listOf(isJsonObject(spec) ? spec : {}, 'volumes')
    .map((volume) => (isJsonObject(volume) ? String(volume['name']) : ''))
    .find((name) => /^kube-api-access-[a-z0-9]{5}$/.test(name))
  return found === undefined ? spec : JSON.parse(JSON.stringify(spec).replaceAll(found, 'kube-api-access'))
}
