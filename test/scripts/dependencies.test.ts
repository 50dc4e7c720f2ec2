import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dependenciesPage, isOfProduction, lockedPackages } from '../../scripts/dependencies-page.ts'
import { root } from '../source-files.ts'

const all = lockedPackages(root)
const production = all.filter(isOfProduction)

/** Those that ask for no more than to be named; a new one is looked at by a person. */
const PERMISSIVE = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'PSF-2.0', 'Unlicense']

test('docs/dependencies.md is what `npm run docs` writes', () => {
  expect(production.length).toBeGreaterThan(50)
  expect(readFileSync(join(root, 'docs/dependencies.md'), 'utf8')).toBe(dependenciesPage(root))
})

test('nothing of production runs a script when it is installed, in development only esbuild would', () => {
  const scripted = all.filter(({ hasInstallScript }) => hasInstallScript)
  expect(scripted.map(({ place, dev }) => ({ place, dev }))).toEqual([{ place: 'node_modules/esbuild', dev: true }])
})

test('every licence of production is permissive', () => {
  const words = (license = 'none') => license.replace(/[()]/g, '').split(/ AND | OR /)
  const others = production.filter(({ license }) => !words(license).every((word) => PERMISSIVE.includes(word)))
  expect(others.map(({ place, license }) => `${place}: ${license}`)).toEqual([])
})

test('every package is pinned by version and checksum', () => {
  expect(all.filter(({ integrity = '' }) => !integrity.startsWith('sha512-')).map(({ place }) => place)).toEqual([])
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, object>
  const asked = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((field) =>
    Object.entries(manifest[field] ?? {}),
  )
  expect(asked.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
})
