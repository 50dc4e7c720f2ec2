import { createTwoFilesPatch } from 'diff'
import fastJsonPatch, { type Operation } from 'fast-json-patch'
import { stringify } from 'yaml'

/**
 * Takes a Pod and the patch for it, gives the difference as YAML in the unified form, in colour if so told. Throws when
 * the patch does not apply.
 */
export function podDiff(pod: object, patch: readonly Operation[], isColoured: boolean): string {
  if (patch.length === 0) return '  (nothing changes)\n'
  const { newDocument } = fastJsonPatch.applyPatch<object>(structuredClone(pod), [...patch], true)
  return objectDiff(pod, newDocument, isColoured)
}

/** Takes an object as it was and as it is, gives the difference in the same form. */
export function objectDiff(before: object, after: object, isColoured: boolean): string {
  const unified = createTwoFilesPatch('before', 'after', toYaml(before), toYaml(after), undefined, undefined, {
    context: 3,
  })
  // The first two lines are an empty file name and a ruler.
  const lines = unified.split('\n').slice(3)
  return (isColoured ? lines.map(coloured) : lines).join('\n')
}

function toYaml(value: object): string {
  // Unfolded and without aliases: a line of the diff is a line of the Pod.
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false })
}

function coloured(line: string): string {
  const colour = { '+': 32, '-': 31, '@': 36 }[line[0] ?? '']
  return colour === undefined ? line : `\u001b[${colour}m${line}\u001b[39m`
}
