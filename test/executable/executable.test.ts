// The single executable, built as `npm run build:executable` builds it, and run in a folder where nothing else is.
import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { root } from '../source-files.ts'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'executable-'))
const program = join(folder, 'linkerd-tracing')
// No PATH: no Node is found but the one within.
const inFolder = { cwd: folder, env: { HOME: folder } }

// It writes a file of 150 MB.
beforeAll(async () => {
  await run('npm', ['run', 'build:executable', '--', program], { cwd: root })
}, 300_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('it is one file', () => {
  expect(readdirSync(folder)).toEqual(['linkerd-tracing'])
})

test('_extension-metadata: what linkerd check expects, and well before it loses patience', async () => {
  const time = async () => {
    const start = performance.now()
    const { stdout, stderr } = await run(program, ['_extension-metadata'], inFolder)
    const took = performance.now() - start
    expect(JSON.parse(stdout)).toEqual({ name: 'linkerd-tracing', checks: 'always' })
    expect(stderr).toBe('')
    return took
  }
  // The goal is 100 ms (docs/benchmarks.md). A machine with other work to do is slower, but not each time that often.
  await expect.poll(time, { timeout: 25_000 }).toBeLessThan(200)
})

test('--version, and the help of check', async () => {
  expect((await run(program, ['--version'], inFolder)).stdout).toBe(`${manifest.version}\n`)
  expect((await run(program, ['check', '--help'], inFolder)).stdout).toMatch(
    /^Usage: linkerd-tracing check [\s\S]+--pre/,
  )
})

test('install prints what the bundle prints', async () => {
  const words = ['install', '--policy', 'on', '--ha', '--cluster-domain', 'cluster.local']
  const printed = (await run(program, words, inFolder)).stdout
  expect(printed).toMatch(/^apiVersion: v1\nkind: Namespace\n/)
  expect(printed).toBe((await run(process.execPath, [join(root, 'src/main.ts'), ...words], { cwd: folder })).stdout)
})

test('a mistake is a sentence and exit code 1', async () => {
  const failed = await run(program, ['install', '--set', 'nothing=1'], inFolder).catch((error: unknown) => error)
  expect(failed).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('there is no such value') })
})

test('serve starts and answers; try posts the samples that are within', async () => {
  const words = [
    'serve',
    '--port',
    '0',
    '--admin-port',
    '0',
    '--cert-dir',
    join(folder, 'certs'),
    '--drain-seconds',
    '0',
  ]
  const server = spawn(program, words, inFolder)
  try {
    let said = ''
    server.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    await expect.poll(() => said, { timeout: 60_000 }).toContain('linkerd-tracing try')
    const [, url = ''] = /webhook\s+(https:\S+)/.exec(said) ?? []
    const flags = ['--url', url, '--ca-file', join(folder, 'certs', 'ca.crt')]
    expect(said).toContain(`linkerd-tracing try ${flags.join(' ')}`)
    expect((await run(program, ['try', ...flags], inFolder)).stdout).toContain('-trace-collector=linkerd-collector')
  } finally {
    const ended = new Promise((resolve) => server.once('exit', resolve))
    server.kill('SIGTERM')
    expect(await ended).toBe(0)
  }
})

test('dashboard serves the page that is within', async () => {
  const cluster = { name: 'nowhere', cluster: { server: 'http://127.0.0.1:1' } }
  const context = { name: 'nowhere', context: { cluster: 'nowhere', user: 'nobody' } }
  const kubeconfig = join(folder, 'kubeconfig.json')
  const users = [{ name: 'nobody', user: {} }]
  const config = { clusters: [cluster], users, contexts: [context], 'current-context': 'nowhere' }
  writeFileSync(kubeconfig, JSON.stringify(config))
  const dashboard = spawn(program, ['dashboard', '--show', 'url', '--kubeconfig', kubeconfig], inFolder)
  try {
    let said = ''
    for (const stream of [dashboard.stdout, dashboard.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString()
      })
    }
    await expect.poll(() => said, { timeout: 25_000 }).toContain('The page is there')
    const [url = ''] = /^http\S+/m.exec(said) ?? []
    for (const file of ['', 'main.js', 'style.css']) expect((await fetch(`${url}${file}`)).status).toBe(200)
  } finally {
    const ended = new Promise((resolve) => dashboard.once('exit', resolve))
    dashboard.kill('SIGTERM')
    expect(await ended).toBe(0)
  }
})
