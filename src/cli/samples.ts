import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { getAsset, isSea } from 'node:sea'
import { fileURLToPath } from 'node:url'

/** Takes the name of a file in samples/, gives its text. Throws when the package came without it. */
export function readSample(name: string): string {
  // The single executable has them within itself.
  if (isSea()) return getAsset(name, 'utf8')
  const file = findSampleFile(name)
  if (file === undefined) throw new Error(`the sample ${name} is not there: the package is incomplete`)
  return readFileSync(file, 'utf8')
}

/**
 * Takes the name of a file in samples/, gives its path; undefined where there is no such file. The folder is at the
 * package's root, which is one folder up from the bundle and two from here.
 */
export function findSampleFile(name: string): string | undefined {
  if (isSea()) return undefined
  const here = dirname(fileURLToPath(import.meta.url))
  const candidates = [join(here, '..', 'samples', name), join(here, '..', '..', 'samples', name)]
  return candidates.find((candidate) => existsSync(candidate))
}
