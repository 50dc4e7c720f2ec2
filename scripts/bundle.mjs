// Bundles src/main.ts and what it imports into dist/, so that the program starts in one read and needs no node_modules.
import { chmodSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Makes dist/ anew. */
export async function bundle(root) {
  const { build } = await import('esbuild')
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  await build({
    absWorkingDir: root,
    entryPoints: ['src/main.ts'],
    outdir: 'dist',
    bundle: true,
    // A dynamic import becomes a file of its own, read when a command needs it: `_extension-metadata` starts fast.
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node22',
    mainFields: ['module', 'main'],
    // grpc-js asks for it only to describe itself to debuggers (channelz), which is switched off: half a megabyte.
    external: ['@grpc/proto-loader'],
    // CommonJS dependencies call require() for Node's own modules, which an ES module does not have.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'\nconst require = __createRequire(import.meta.url)",
    },
    sourcemap: 'external',
    legalComments: 'linked',
    logLevel: 'warning',
  })
  chmodSync(join(root, 'dist/main.js'), 0o755)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await bundle(dirname(dirname(fileURLToPath(import.meta.url))))
}
