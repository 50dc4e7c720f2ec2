// Bundles src/main.ts and what it imports into dist/, so that the program starts in one read and needs no node_modules.
import { chmodSync, copyFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LAZY, lazyModules } from './lazy-modules.mjs'
import { sharedChunk } from './shared-chunk.mjs'

/** What every bundle of the program is made with. */
export const BUNDLED = {
  entryPoints: ['src/main.ts'],
  bundle: true,
  platform: 'node',
  mainFields: ['module', 'main'],
  // grpc-js asks for it only to describe itself to debuggers (channelz), which is switched off: half a megabyte.
  external: ['@grpc/proto-loader'],
  plugins: [lazyModules(LAZY)],
  legalComments: 'linked',
  logLevel: 'warning',
}

/** What `serve` loads when it starts. */
const SERVE = ['src/cli/run-program.ts', 'src/cli/run-serve.ts']

/** Makes dist/, or another folder, anew; with `sourcemap: false` without maps, which an image has no use for. */
export async function bundle(root, { sourcemap = 'external', outdir = join(root, 'dist') } = {}) {
  const { build } = await import('esbuild')
  rmSync(outdir, { recursive: true, force: true })
  const options = {
    ...BUNDLED,
    absWorkingDir: root,
    outdir,
    // A dynamic import becomes a file of its own, read when a command needs it: `_extension-metadata` starts fast.
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    format: 'esm',
    target: 'node22',
    // CommonJS dependencies call require() for Node's own modules, which an ES module does not have.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'\nconst require = __createRequire(import.meta.url)",
    },
    sourcemap,
  }
  const { metafile } = await build({ ...options, metafile: true, write: false })
  const plugins = [...options.plugins, sharedChunk(metafile, { root, startsWith: SERVE })]
  await build({ ...options, plugins })
  await bundlePage(root, join(outdir, 'page'))
  chmodSync(join(outdir, 'main.js'), 0o755)
}

/** Makes what a browser is given by `dashboard`: src/cli/dashboard/page-files.ts lists the files. */
export async function bundlePage(root, outdir) {
  const { build } = await import('esbuild')
  await build({
    absWorkingDir: root,
    entryPoints: ['src/page/main.tsx', 'src/page/style.css'],
    outdir,
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'esm',
    // What browsers of the last two years know.
    target: 'es2023',
    legalComments: 'linked',
    logLevel: 'warning',
  })
  copyFileSync(join(root, 'src/page/index.html'), join(outdir, 'index.html'))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const options = process.argv.includes('--without-source-maps') ? { sourcemap: false } : {}
  await bundle(dirname(dirname(fileURLToPath(import.meta.url))), options)
}
