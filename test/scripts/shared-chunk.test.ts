import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sharedChunk } from '../../scripts/shared-chunk.mjs'

/** Two commands share all of it, and each pair of three a bit more; one of the shared needs a package, one a slow part of Node. */
const SOURCES = {
  'src/main.ts': `export const run = (name) => ({ a: () => import('./a.ts'), b: () => import('./b.ts'), c: () => import('./c.ts') })[name]()`,
  'src/a.ts': `import './ab.ts'\nimport './ac.ts'\nimport './packaged.ts'\nimport './slow.ts'\nglobalThis.A = 'a only'`,
  'src/b.ts': `import './ab.ts'\nimport './bc.ts'\nimport './packaged.ts'\nimport './slow.ts'\nglobalThis.B = 'b only'`,
  'src/c.ts': `import './ac.ts'\nimport './bc.ts'\nglobalThis.C = 'c only'`,
  'src/ab.ts': `import { sep } from 'node:path'\nglobalThis.AB = 'a with b' + sep`,
  'src/ac.ts': `globalThis.AC = 'a with c'`,
  'src/bc.ts': `globalThis.BC = 'b with c'`,
  'src/packaged.ts': `import 'package'\nglobalThis.P = 'with a package'`,
  'src/slow.ts': `import tls from 'node:tls'\nglobalThis.T = tls.rootCertificates.length + ' roots'`,
  'node_modules/package/index.js': `globalThis.PACKAGE = 'the package'`,
}

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'linkerd-tracing-shared-'))
  for (const [name, text] of Object.entries(SOURCES)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** The text of each file of the bundle, but for the program itself. */
async function bundled(startsWith: readonly string[]): Promise<string[]> {
  const outdir = join(root, 'dist')
  const options: BuildOptions = {
    absWorkingDir: root,
    entryPoints: ['src/main.ts'],
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
  }
  const { metafile } = await build({ ...options, metafile: true as const, write: false })
  await build({ ...options, plugins: [sharedChunk(metafile, { root, startsWith })] })
  const files = readdirSync(outdir).filter((name) => name !== 'main.js')
  return files.map((name) => readFileSync(join(outdir, name), 'utf8'))
}

const withText = (files: readonly string[], text: string) => files.filter((file) => file.includes(text))

test('what is small and needed at the start is one file, which every command reads', async () => {
  const files = await bundled(['src/a.ts', 'src/b.ts'])
  const [shared = '', ...others] = withText(files, 'a with b')
  expect(others).toEqual([])
  for (const text of ['a with c', 'b with c']) expect(withText(files, text)).toEqual([shared])
  // Files of their own, as they were: a command that needs neither does not read them.
  for (const text of ['with a package', 'roots', 'the package', 'a only']) expect(shared).not.toContain(text)
})

test('what the start does not need stays where it was', async () => {
  const files = await bundled(['src/c.ts'])
  const [shared = ''] = withText(files, 'a with c')
  expect(shared).toContain('b with c')
  expect(shared).not.toContain('a with b')
})
