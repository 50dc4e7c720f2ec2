import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Takes the name of a file in samples/, gives its path. The folder is at the package's root, which is one folder up
 * from the bundle and two from here. Throws when the package came without it.
 */
export function sampleFile(name: string): string {
  const here = dirname(fileURLToPath(import.meta.url))
  const candidates = [join(here, '..', 'samples', name), join(here, '..', '..', 'samples', name)]
  const found = candidates.find((candidate) => existsSync(candidate))
  if (found === undefined) throw new Error(`the sample ${name} is not there: the package is incomplete`)
  return found
}
