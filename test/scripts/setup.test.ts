import { execFile, spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { root } from '../source-files.ts'

// The real script and the real npm, in a project without dependencies: that needs no network.
const run = promisify(execFile)
const directories: string[] = []
let project: string

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'setup-'))
  directories.push(project)
  cpSync(join(root, 'scripts'), join(project, 'scripts'), { recursive: true })
  writeJson('package.json', { name: 'p', version: '1.0.0', type: 'module' })
  writeLock({})
})
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true })
})

const writeJson = (name: string, value: unknown) => writeFileSync(join(project, name), JSON.stringify(value))
const writeLock = (extra: object) =>
  writeJson('package-lock.json', {
    name: 'p',
    version: '1.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: { '': { name: 'p', version: '1.0.0' } },
    ...extra,
  })

async function setup(options: { args?: string[]; before?: string } = {}): Promise<string> {
  // As `npm start` would, but with the machine's npm found by itself.
  const { npm_execpath: _cli, npm_node_execpath: _node, ...env } = process.env
  const preload =
    options.before === undefined ? [] : ['--import', `data:text/javascript,${encodeURIComponent(options.before)}`]
  const { stdout, stderr } = await run(
    process.execPath,
    [...preload, join(project, 'scripts/setup.mjs'), ...(options.args ?? [])],
    { env },
  )
  expect(stdout, 'stdout belongs to the program that is started next').toBe('')
  return stderr
}

const installs = (text: string) => text.split('installing dependencies').length - 1

describe('installing', () => {
  test('installs the first time, and never again while the lock file is the same', async () => {
    const first = await setup()
    expect(installs(first)).toBe(1)
    expect(first).toContain(`setup: ready, on Node ${process.version}`)
    const again = await setup()
    expect(again).toBe(first.slice(first.indexOf('setup: ready')))
    // A fresh clone or a copy has new times: only content counts.
    utimesSync(join(project, 'package-lock.json'), new Date(), new Date())
    expect(installs(await setup())).toBe(0)
  })

  test('takes an install that somebody made by hand', async () => {
    mkdirSync(join(project, 'node_modules'))
    writeJson('node_modules/.package-lock.json', { packages: {} })
    expect(installs(await setup())).toBe(0)
  })

  test.each([
    ['a package is missing', { packages: {} }],
    ['a package is another', { packages: { 'node_modules/x': { integrity: 'sha512-b' } } }],
  ])('installs anew when %s', async (_what, record) => {
    await setup()
    writeLock({
      packages: {
        '': { name: 'p', version: '1.0.0' },
        'node_modules/x': { version: '1.0.0', integrity: 'sha512-a', resolved: 'file:missing.tgz' },
      },
    })
    writeJson('node_modules/.package-lock.json', record)
    expect(installs(await setup())).toBe(1)
  })

  test('an install that fails is told, and is tried again the next time', async () => {
    writeJson('package.json', { name: 'p', version: '1.0.0', type: 'module', dependencies: { absent: '1.0.0' } })
    const failure = { code: 1, stderr: expect.stringContaining('setup: npm ci failed with exit code 1') }
    await expect(setup()).rejects.toMatchObject(failure)
    await expect(setup()).rejects.toMatchObject(failure)
    expect(existsSync(join(project, '.setup.lock'))).toBe(false)
  })

  test('two runs at once install once', async () => {
    const [one, other] = await Promise.all([setup(), setup()])
    expect(installs(one) + installs(other)).toBe(1)
    expect(existsSync(join(project, '.setup.lock'))).toBe(false)
  })

  test('the lock of a run that died is taken over', async () => {
    const child = spawn(process.execPath, ['-e', ''])
    await new Promise((resolve) => child.once('close', resolve))
    writeJson('.setup.lock', { pid: child.pid, host: hostname() })
    expect(installs(await setup())).toBe(1)
  })

  test('the lock of another machine is taken over when its heart has stopped', async () => {
    writeJson('.setup.lock', { pid: 1, host: 'elsewhere' })
    const longAgo = new Date(Date.now() - 60_000)
    utimesSync(join(project, '.setup.lock'), longAgo, longAgo)
    expect(installs(await setup())).toBe(1)
  })
})

describe('Node', () => {
  const pretend = (version: string) =>
    `Object.defineProperty(process.versions, 'node', { value: '${version}' }); Object.defineProperty(process, 'version', { value: 'v${version}' })`

  test('one that is too old to install is told so before anything else', async () => {
    await expect(setup({ before: pretend('18.20.8') })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^setup: Node v18\.20\.8 is too old: Node 20 or newer is needed/),
    })
    expect(existsSync(join(project, 'node_modules'))).toBe(false)
  })

  test('without one from npm, and with an old one of its own, the machine is told what to do', async () => {
    // A Node that answers as an old one would: the program asks it for its version.
    const old = join(project, 'old-node')
    writeFileSync(old, '#!/bin/sh\necho \'["v20.20.2","Iron"]\'\n', { mode: 0o755 })
    mkdirSync(join(project, 'node_modules'))
    writeJson('node_modules/.package-lock.json', { packages: {} })
    const failing = run(process.execPath, [join(project, 'scripts/setup.mjs')], {
      env: { ...process.env, npm_node_execpath: old },
    })
    await expect(failing).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /npm has no Node for .*this machine's own \(v20\.20\.2\) is too old: install Node 22\.19/,
      ),
    })
  })

  describe.runIf(process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch))('from npm', () => {
    const installed = () => join(project, `node_modules/node-linux-${process.arch}/bin/node`)
    const linked = () => join(project, 'node_modules/.bin/node')

    beforeEach(() => {
      mkdirSync(dirname(installed()), { recursive: true })
      mkdirSync(dirname(linked()), { recursive: true })
      writeJson('node_modules/.package-lock.json', { packages: {} })
    })

    test.each([
      ['npm has linked it', () => symlinkSync(installed(), linked())],
      ['npm 10 has not', () => {}],
      ['the link leads nowhere', () => symlinkSync('../gone', linked())],
    ])('it is what npm scripts will find when %s', async (_what, prepare) => {
      symlinkSync(process.execPath, installed())
      prepare()
      expect(await setup()).toContain(`on Node ${process.version} (LTS) from node_modules`)
      const { stdout } = await run(linked(), ['--version'])
      expect(stdout).toBe(`${process.version}\n`)
    })

    test('one that does not start here is put aside for the machine’s own', async () => {
      writeFileSync(installed(), 'no binary for this machine', { mode: 0o755 })
      symlinkSync(installed(), linked())
      expect(await setup()).toContain('from this machine')
      expect(existsSync(linked())).toBe(false)
    })
  })
})

describe('bundling', () => {
  beforeEach(() => {
    mkdirSync(join(project, 'src'))
    writeFileSync(join(project, 'src/main.ts'), 'export const a: number = 1')
    // Stands for esbuild, which this project has not installed.
    writeFileSync(
      join(project, 'scripts/bundle.mjs'),
      `import { mkdirSync, writeFileSync } from 'node:fs'
      export async function bundle(root) { mkdirSync(root + '/dist', { recursive: true }); writeFileSync(root + '/dist/main.js', String(Date.now())) }`,
    )
  })

  test('happens once, and again when a source has changed, was added or taken away', async () => {
    expect(await setup()).not.toContain('bundling')
    expect(await setup({ args: ['--build'] })).toContain('bundling src')
    const built = statSync(join(project, 'dist/main.js')).mtimeMs
    expect(await setup({ args: ['--build'] })).not.toContain('bundling')
    expect(statSync(join(project, 'dist/main.js')).mtimeMs).toBe(built)
    writeFileSync(join(project, 'src/main.ts'), 'export const a: number = 2')
    expect(await setup({ args: ['--build'] })).toContain('bundling src')
    writeFileSync(join(project, 'src/other.ts'), '')
    expect(await setup({ args: ['--build'] })).toContain('bundling src')
    rmSync(join(project, 'src/other.ts'))
    expect(await setup({ args: ['--build'] })).toContain('bundling src')
    rmSync(join(project, 'dist/main.js'))
    expect(await setup({ args: ['--build'] })).toContain('bundling src')
  })
})

describe('counting tests', () => {
  const count = (...reports: object[]) => {
    const files = reports.map((report, index) => {
      const file = join(project, `report-${index}.json`)
      writeFileSync(file, JSON.stringify(report))
      return file
    })
    return run(process.execPath, [join(project, 'scripts/count-tests.mjs'), '0', ...files])
  }
  const suite = (name: string, ...statuses: string[]) => ({
    testResults: [
      {
        name,
        status: 'passed',
        assertionResults: statuses.map((status, index) => ({ fullName: `test ${index}`, status })),
      },
    ],
  })

  test('sums reports up; a test in two of them counts once', async () => {
    const { stdout } = await count(
      suite('a', 'passed', 'pending'),
      suite('a', 'passed', 'pending'),
      suite('b', 'passed'),
    )
    expect(stdout).toBe('2 passed, 0 failed, 1 skipped\n')
  })

  test.each([
    [
      'a failed test, also when it passed elsewhere',
      [suite('a', 'passed'), suite('a', 'failed')],
      '0 passed, 1 failed\n',
    ],
    [
      'a file that could not be loaded',
      [suite('a', 'passed'), { testResults: [{ name: 'b', status: 'failed', assertionResults: [] }] }],
      '1 passed, 1 failed\n',
    ],
    ['a report that is none', [suite('a', 'passed'), {}], '1 passed, 1 failed\n'],
    ['no test at all', [{ testResults: [] }], '0 passed, 0 failed\n'],
  ])('%s is a failure', async (_what, reports, line) => {
    const lastLine = expect.stringMatching(new RegExp(`(^|\n)${line}$`))
    await expect(count(...reports)).rejects.toMatchObject({ code: 1, stdout: lastLine })
  })

  test('each failed test is named, with the start of what it said', async () => {
    const failures = { name: join(process.cwd(), 'test/a.test.ts'), status: 'failed', message: 'no such port' }
    const fullName = 'a Pod is traced'
    const said = `expected 1 to be 2\n    at test/a.test.ts:3${' and on'.repeat(100)}`
    const failed = { ...failures, assertionResults: [{ fullName, status: 'failed', failureMessages: [said] }] }
    const inHook = { ...failures, name: 'b', assertionResults: [{ fullName: 'c', status: 'skipped' }] }
    const { stdout } = await count({ testResults: [failed, inHook] }).catch((error) => error)
    expect(stdout).toMatch(
      /^FAILED: test\/a\.test\.ts: a Pod is traced\n {2}expected 1 to be 2\n .{300,400}\nFAILED: .*b\n {2}no such port\n0 passed, 2 failed/,
    )
  })

  test('a failed check is a failure even when all tests passed', async () => {
    const report = join(project, 'report.json')
    writeFileSync(report, JSON.stringify(suite('a', 'passed')))
    const failing = run(process.execPath, [join(project, 'scripts/count-tests.mjs'), '1', report])
    await expect(failing).rejects.toMatchObject({ code: 1, stdout: '1 passed, 0 failed\n' })
  })
})
