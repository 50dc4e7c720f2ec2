import { isJsonObject, type JsonObject, objectOf, textOf } from '../../injection/json.ts'
import { type ListedObject, listedObjects } from './listed-objects.ts'

/** A Pod, or the template of one, within a document. */
export interface PodTemplate {
  /** JSON Pointer to it: `` for a Pod, `/spec/template` for a Deployment, `/items/2/spec/template` in a List. */
  readonly pointer: string
  /** Such as `deployment/web`. */
  readonly workload: string
  /** The object's own namespace; absent when it names none. */
  readonly namespace: string | undefined
  /** The name of a Pod; that of a template's Pods is not known yet. */
  readonly name: string
  /** As the API server would be asked to create it. */
  readonly pod: JsonObject
}

interface Kind {
  readonly groups: readonly string[]
  readonly pointer: string
}

const APPS = ['apps', 'extensions']
const KINDS: ReadonlyMap<string, Kind> = new Map([
  ['Pod', { groups: [''], pointer: '' }],
  ['ReplicationController', { groups: [''], pointer: '/spec/template' }],
  ['Deployment', { groups: APPS, pointer: '/spec/template' }],
  ['DaemonSet', { groups: APPS, pointer: '/spec/template' }],
  ['ReplicaSet', { groups: APPS, pointer: '/spec/template' }],
  ['StatefulSet', { groups: APPS, pointer: '/spec/template' }],
  ['Job', { groups: ['batch'], pointer: '/spec/template' }],
  ['CronJob', { groups: ['batch'], pointer: '/spec/jobTemplate/spec/template' }],
])

/** Takes what a document says, gives the Pods and templates in it, those in (nested) Lists included. */
export function findPodTemplates(value: unknown): PodTemplate[] {
  return listedObjects(value).flatMap((object) => {
    const found = KINDS.get(object.kind)
    return found?.groups.includes(object.group) ? toTemplate({ ...object, pointer: found.pointer }) : []
  })
}

interface Workload extends Pick<ListedObject, 'value' | 'kind' | 'at'> {
  readonly pointer: string
}

function toTemplate({ value, kind, pointer, at }: Workload): PodTemplate[] {
  const template = follow(value, pointer)
  if (!isJsonObject(template)) return []
  const metadata = objectOf(value, 'metadata')
  const name = textOf(metadata, 'name') ?? ''
  return [
    {
      pointer: `${at}${pointer}`,
      workload: `${kind.toLowerCase()}/${name || (textOf(metadata, 'generateName') ?? '')}`,
      // Empty counts as absent, as for the API server.
      namespace: textOf(metadata, 'namespace') || undefined,
      name: kind === 'Pod' ? name : '',
      pod: { ...template, apiVersion: 'v1', kind: 'Pod' },
    },
  ]
}

function follow(value: JsonObject, pointer: string): unknown {
  const keys = pointer.split('/').slice(1)
  return keys.reduce<unknown>((parent, key) => (isJsonObject(parent) ? parent[key] : undefined), value)
}
