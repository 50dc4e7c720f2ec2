// Modules that packages of ours load at once and use for what we never ask of them. In a bundle each is loaded when it is first used:
// together they take a sixth of the time until `serve` is ready (`npm run bench:start`).
import { dirname } from 'node:path'

/** What is required, and by whom (the end of its path). */
export const LAZY = [
  // Judges routes that are regular expressions.
  { module: 'safe-regex2', by: 'find-my-way/index.js' },
  // Reads which Fastify a plugin is for.
  { module: 'semver', by: 'fastify/lib/plugin-utils.js' },
  // Puts the trace in which it was asked for into the metric of the process's CPU.
  { module: '@opentelemetry/api', by: 'prom-client/lib/metrics/processCpuTotal.js' },
  // For who pushes metrics, or has several processes.
  { module: './lib/pushgateway', by: 'prom-client/index.js' },
  { module: './lib/cluster', by: 'prom-client/index.js' },
]

const NAMESPACE = 'lazy'

/** Takes such a list, gives a plugin of esbuild. It fails when one of them is not required any more: the list has to be looked through. */
export const lazyModules = (list) => ({
  name: 'lazy-modules',
  setup({ onResolve, onLoad, onEnd, resolve }) {
    const met = new Set()
    const filter = new RegExp(`^(${list.map(({ module }) => module).join('|')})$`)
    onResolve({ filter }, async ({ path, importer, kind, resolveDir, pluginData }) => {
      if (pluginData === NAMESPACE || kind !== 'require-call') return undefined
      const found = list.find(({ module, by }) => module === path && importer.replaceAll('\\', '/').endsWith(by))
      if (found === undefined) return undefined
      met.add(found)
      const real = await resolve(path, { kind, resolveDir, importer, pluginData: NAMESPACE })
      return { path: real.path, namespace: NAMESPACE }
    })
    onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => ({
      contents: lazyModule(path),
      resolveDir: dirname(path),
    }))
    onEnd(({ errors }) => {
      const left = errors.length > 0 ? [] : list.filter((one) => !met.has(one))
      return {
        errors: left.map(({ module, by }) => ({ text: `${by} requires no ${module}: see scripts/lazy-modules.mjs` })),
      }
    })
  },
})

/** What stands for a module until a member of it is asked for, or until it is called. */
function lazyModule(path) {
  return `let loaded
const load = () => (loaded ??= require(${JSON.stringify(path)}))
module.exports = new Proxy(function () {}, {
  get: (_target, name) => load()[name],
  apply: (_target, self, words) => Reflect.apply(load(), self, words),
  construct: (_target, words) => Reflect.construct(load(), words),
})`
}
