// A bundle that is split has a file for each set of commands that share something: `serve` would read 45 files, 30 of them of a few
// lines, at half a millisecond each. What is small, and what `serve` needs of it, becomes one file that every command reads.
import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

/** Node's own modules that any start loads anyway. */
const LOADED_ANYWAY = new Set([
  'node:buffer',
  'node:fs',
  'node:fs/promises',
  'node:os',
  'node:path',
  'node:url',
  'node:util',
])
const SHARED = 'shared-chunk'

/**
 * Takes esbuild's metafile of a bundle and the modules that a command loads when it starts, gives a plugin of esbuild that puts those of
 * our sources among them into one file which need no package, and nothing of Node that takes time to load.
 */
export function sharedChunk({ inputs }, { root, startsWith }) {
  const importsOf = (path, kind) => inputs[path].imports.filter((one) => one.kind === kind)
  const reached = (path, found = new Set()) => {
    if (!found.has(path)) {
      found.add(path)
      for (const one of importsOf(path, 'import-statement')) if (!one.external) reached(one.path, found)
    }
    return found
  }
  const isOurs = (path) => path.startsWith('src/') && path.endsWith('.ts')
  const isLight = (path) =>
    isOurs(path) && importsOf(path, 'import-statement').every((one) => !one.external || LOADED_ANYWAY.has(one.path))
  const shared = [...new Set(startsWith.flatMap((path) => [...reached(path)]))].filter((path) =>
    [...reached(path)].every(isLight),
  )
  const commands = new Set(
    Object.keys(inputs).flatMap((path) => importsOf(path, 'dynamic-import').map((one) => one.path)),
  )
  return {
    name: SHARED,
    setup({ onResolve, onLoad }) {
      onResolve({ filter: new RegExp(`^${SHARED}$`) }, () => ({ path: SHARED, namespace: SHARED }))
      onLoad({ filter: /.*/, namespace: SHARED }, () => ({
        contents: shared.map((path) => `import ${JSON.stringify(join(root, path))}`).join('\n'),
        resolveDir: root,
      }))
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const name = relative(root, path).replaceAll('\\', '/')
        if (!isOurs(name) || !commands.has(name)) return undefined
        return { contents: `${await readFile(path, 'utf8')}\nimport '${SHARED}'\n`, loader: 'ts' }
      })
    },
  }
}
