// `npm i -g` of the package that a release has, in an empty folder, with no registry.
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { root } from '../source-files.ts'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'pack-'))
const program = join(folder, 'global/bin/linkerd-tracing')
const installed = join(folder, 'global/lib/node_modules/linkerd-tracing')

beforeAll(async () => {
  await run('npm', ['run', 'pack:npm', '--', folder], { cwd: root })
  const archive = join(folder, `linkerd-tracing-${manifest.version}.tgz`)
  await run('npm', ['install', '--offline', '--global', '--prefix', join(folder, 'global'), archive], { cwd: folder })
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.skipIf(process.platform === 'win32')('it is linkerd-tracing, and linkerd finds it as an extension', async () => {
  expect((await run(program, ['--version'], { cwd: folder })).stdout).toBe(`${manifest.version}\n`)
  expect((await run(program, ['_extension-metadata'], { cwd: folder })).stdout).toContain('"linkerd-tracing"')
  expect((await run(program, ['install', '--policy', 'off'], { cwd: folder })).stdout).toMatch(/^kind: Deployment$/m)
})

test('it brings the page of dashboard, without what only debugs it', () => {
  expect(readdirSync(join(installed, 'dist/page')).filter((name) => !name.endsWith('.LEGAL.txt'))).toEqual([
    'index.html',
    'main.js',
    'style.css',
  ])
})

test('it brings samples, scripts and pages, and needs no other package', async () => {
  const published = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Record<string, unknown>
  expect(published).toMatchObject({ name: 'linkerd-tracing', version: manifest.version, license: 'Apache-2.0' })
  for (const field of ['dependencies', 'optionalDependencies', 'scripts', 'private']) {
    expect(published).not.toHaveProperty(field)
  }
  for (const file of ['samples/web.yaml', 'certs-scripts/verify', 'docs/install.md', 'LICENSE', 'README.md']) {
    expect(readFileSync(join(installed, file), 'utf8')).toBe(readFileSync(join(root, file), 'utf8'))
  }
})
