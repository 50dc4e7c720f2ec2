import { isDeepStrictEqual } from 'node:util'
import jsonPatch, { type Operation } from 'fast-json-patch'
import type { PatchOperation } from '../../injection/pod-patch.ts'
import { type ManifestDocument, ManifestError } from './manifest.ts'
import { patchJson } from './patch-json.ts'
import { patchYaml, readYaml } from './patch-yaml.ts'

/**
 * Takes a document and a patch for it, gives its new text; without operations the text as it is. The new text is read
 * back and compared with the patched value: throws ManifestError rather than print anything that says something else.
 */
export function patchManifest(manifest: ManifestDocument, operations: readonly PatchOperation[]): string {
  if (operations.length === 0) return manifest.text
  try {
    const expected = patchedValue(manifest.value, operations)
    for (const text of candidates(manifest, operations)) {
      if (isDeepStrictEqual(read(manifest, text), expected)) return text
    }
  } catch (error) {
    // fast-json-patch puts the whole document behind its first line.
    const [sentence] = (error as Error).message.split('\n')
    throw new ManifestError([`${manifest.where}: cannot be edited: ${sentence}`])
  }
  throw new ManifestError([`${manifest.where}: cannot be written without changing what it says; write it more plainly`])
}

/** A copy through JSON also separates objects that aliases share: a patch of one must not show in the other. */
function patchedValue(value: unknown, operations: readonly PatchOperation[]): unknown {
  const copy: unknown = JSON.parse(JSON.stringify(value))
  return jsonPatch.applyPatch(copy, operations as Operation[], true).newDocument
}

function candidates(manifest: ManifestDocument, operations: readonly PatchOperation[]): Iterable<string> {
  return manifest.format === 'json' ? [patchJson(manifest.text, operations)] : patchYaml(manifest, operations)
}

function read(manifest: ManifestDocument, text: string): unknown {
  const value = manifest.format === 'json' ? JSON.parse(text) : readYaml(manifest, text)
  return JSON.parse(JSON.stringify(value))
}
