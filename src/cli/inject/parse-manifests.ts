import type { Manifest } from './manifest.ts'
import { parseJsonManifests } from './parse-json-manifests.ts'
import { parseYamlManifests } from './parse-yaml-manifests.ts'
import type { Source } from './read-input.ts'

/**
 * Takes a source, gives its documents and what stands between them, in order: joined they are the source again.
 * Throws ManifestError with every mistake, each with file, document and line.
 */
export function parseManifests(source: Source): Manifest[] {
  return parseJsonManifests(source) ?? parseYamlManifests(source)
}
