import type { Metafile, Plugin } from 'esbuild'

export function sharedChunk(metafile: Metafile, options: { root: string; startsWith: readonly string[] }): Plugin
