import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { lazyModules } from '../../scripts/lazy-modules.mjs'

const SEEN = { module: './seldom', by: 'entry.cjs' }

/**
 * Bundles an entry that requires a module, and maybe another one that requires it too; gives what the entry exports, and what tells
 * whether the module ran.
 */
async function bundled({ entry, seldom, lazy = [SEEN] }: { entry: string; seldom: string; lazy?: (typeof SEEN)[] }) {
  const folder = mkdtempSync(join(tmpdir(), 'linkerd-tracing-lazy-'))
  const mark = `ran-${folder}`
  writeFileSync(join(folder, 'entry.cjs'), entry)
  writeFileSync(join(folder, 'other.js'), `require('./seldom')`)
  writeFileSync(join(folder, 'seldom.js'), `globalThis[${JSON.stringify(mark)}] = true\n${seldom}`)
  const outfile = join(folder, 'bundle.cjs')
  const entryPoints = [join(folder, 'entry.cjs')]
  const plugins = [lazyModules(lazy)]
  await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'silent', plugins })
  const { default: exported } = await import(pathToFileURL(outfile).href)
  return { exported, hasRun: () => (globalThis as Record<string, unknown>)[mark] === true }
}

test.each([
  ['a member', 'exports.of = 7', 'seldom.of'],
  ['a call', 'module.exports = (number) => number + 1', 'seldom(6)'],
  ['a class', 'module.exports = class { constructor(number) { this.of = number } }', 'new seldom(7).of'],
])('a module is loaded by the first use of it: %s', async (_what, seldom, use) => {
  const entry = `const seldom = require('./seldom')\nexports.use = () => ${use}`
  const { exported, hasRun } = await bundled({ entry, seldom })
  expect(hasRun()).toBe(false)
  expect(exported.use()).toBe(7)
  expect(hasRun()).toBe(true)
})

test('who else requires it gets it at once', async () => {
  const entry = `exports.seldom = require('./seldom')\nrequire('./other')`
  const { hasRun } = await bundled({ entry, seldom: '' })
  expect(hasRun()).toBe(true)
})

test('a module that is not required any more fails the bundle, and is named', async () => {
  const lazy = [SEEN, { module: './gone', by: 'entry.cjs' }]
  await expect(bundled({ entry: `require('./seldom')`, seldom: '', lazy })).rejects.toThrow(
    'entry.cjs requires no ./gone: see scripts/lazy-modules.mjs',
  )
})
