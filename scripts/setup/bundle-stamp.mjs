import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const stampFile = (root) => join(root, 'dist/.sources')
const DIRECTORIES = ['src', 'samples']
const FILES = [
  'package.json',
  'package-lock.json',
  'scripts/bundle.mjs',
  'scripts/lazy-modules.mjs',
  'scripts/shared-chunk.mjs',
]

/** Whether dist/ was made from the sources as they are now. */
export function bundleIsFresh(root) {
  if (!existsSync(join(root, 'dist/main.js'))) return false
  try {
    return readFileSync(stampFile(root), 'utf8') === sourcesHash(root)
  } catch {
    return false
  }
}

/** Notes which sources dist/ was made from. */
export function rememberBundle(root) {
  writeFileSync(stampFile(root), sourcesHash(root))
}

// Content, not times: a fresh clone or a changed branch gives files new times with old content, and the other way round.
function sourcesHash(root) {
  const hash = createHash('sha256')
  for (const file of [...FILES, ...DIRECTORIES.flatMap((directory) => listFiles(root, directory))]) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0')
  }
  return hash.digest('hex')
}

function listFiles(root, directory) {
  if (!existsSync(join(root, directory))) return []
  return readdirSync(join(root, directory), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) =>
      entry.isDirectory() ? listFiles(root, `${directory}/${entry.name}`) : [`${directory}/${entry.name}`],
    )
}
