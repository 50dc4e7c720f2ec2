import type { Plugin } from 'esbuild'

export interface LazyModule {
  readonly module: string
  readonly by: string
}
export const LAZY: readonly LazyModule[]
export function lazyModules(list: readonly LazyModule[]): Plugin
