import { objectOf, textOf } from '../../injection/json.ts'
import { nameOf } from '../check/entries.ts'
import { describeObject } from '../check/wanted-objects.ts'
import type { Changes } from './find-changes.ts'

/** Takes what changes, gives it as lines for a person. Pure. */
export function describeChanges({ added, changed, left }: Changes): string {
  const lines = [
    ...added.map((manifest) => `new: ${describeObject(manifest)}`),
    ...changed.flatMap(({ manifest, fields }) =>
      fields.map(({ path, how }) => `change: ${describeObject(manifest)}: ${path} ${shortened(path, how)}`),
    ),
    ...left.map((manifest) => `not needed any more: ${describeObject(manifest)}; ${deletionOf(manifest)}`),
  ]
  return lines.length === 0 ? 'note: nothing changes\n' : lines.map((line) => `${line}\n`).join('')
}

/** A file within a ConfigMap has hundreds of lines. */
function shortened(path: string, how: string): string {
  return path.startsWith('data.') ? 'changes' : how
}

function deletionOf(manifest: Parameters<typeof describeObject>[0]): string {
  const namespace = textOf(objectOf(manifest, 'metadata'), 'namespace')
  const [group = ''] = (textOf(manifest, 'apiVersion') ?? '').split('/')
  const kind = `${textOf(manifest, 'kind') ?? ''}`.toLowerCase()
  // Linkerd's kinds are called like others of the Gateway API and of Kubernetes: the group says which.
  const type = group.includes('.linkerd.io') ? `${kind}.${group}` : kind
  return `kubectl delete ${type} ${nameOf(manifest)}${namespace === undefined ? '' : ` -n ${namespace}`}`
}
