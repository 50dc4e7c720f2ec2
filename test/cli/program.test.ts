import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { nodeVersionMistake } from '../../src/cli/node-version.ts'
import { runInProcess } from './cli-run.ts'

const COMMANDS = [
  'install',
  'migrate',
  'uninstall',
  'upgrade',
  'check',
  'status',
  'explain',
  'enable',
  'disable',
  'review',
  'inject',
  'serve',
  'bridge',
  'try',
  'certs',
  'certs show',
  'certs verify',
  'certs generate',
  'certs rotate',
  'stat',
  'traces',
  'trace',
  'overhead',
  'dashboard',
  'completion',
]

describe('help', () => {
  test.each([[['--help']], [['-h']], [['help']]])('%j lists the commands on stdout, exit code 0', async (words) => {
    const run = runInProcess(words)
    expect(await run.returned).toBe(0)
    expect(run.stdout()).toMatch(/^Usage: linkerd-tracing /)
    expect(run.stdout()).toMatch(/^ {2}serve \[options\] /m)
    expect(run.stdout()).toMatch(/^ {2}try \[options\] /m)
    expect(run.stderr()).toBe('')
  })

  // The group only lists its own commands.
  test.each(COMMANDS.filter((command) => command !== 'certs'))('%s has examples and exit codes', async (command) => {
    const run = runInProcess([...command.split(' '), '--help'])
    expect(await run.returned).toBe(0)
    expect(run.stdout()).toMatch(/^Examples:$/m)
    expect(run.stdout()).toMatch(/^Exit codes:/m)
  })

  test('that is every command, and each is asked for in three ways', async () => {
    const run = runInProcess(['--help'])
    await run.returned
    const [, listed = ''] = run.stdout().split('\nCommands:\n')
    const names = [...listed.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name)
    expect(names.toSorted()).toEqual([...COMMANDS.filter((command) => !command.includes(' ')), 'help'].toSorted())
    const ways = [
      ['serve', '--help'],
      ['serve', '-h'],
      ['help', 'serve'],
    ].map((words) => runInProcess(words))
    await Promise.all(ways.map(({ returned }) => returned))
    expect(new Set(ways.map(({ stdout }) => stdout())).size).toBe(1)
  })
})

describe('the layout of help', () => {
  test.each(['', ...COMMANDS])(
    '%s: no line is wider than 100 columns, and no description is squeezed',
    async (command) => {
      const run = runInProcess([...command.split(' ').filter(Boolean), '--help'])
      expect(await run.returned).toBe(0)
      const lines = run.stdout().split('\n')
      expect(lines.filter((line) => line.length > 100)).toEqual([])
      const squeezed = lines.filter((line) => /^ {29,}\S/.test(line))
      expect(squeezed, 'no description is pushed to the right by a long name').toEqual([])
    },
  )

  test('a narrow terminal is filled, and a wide one is not', async () => {
    const width = async (columns: number) => {
      const run = runInProcess(['try', '--help'], {}, { columns })
      await run.returned
      const options = run.stdout().slice(0, run.stdout().indexOf('Posts three'))
      return Math.max(...options.split('\n').map((line) => line.length))
    }
    expect(await width(60)).toBeLessThanOrEqual(60)
    expect(await width(300)).toBeGreaterThan(80)
    expect(await width(300)).toBeLessThanOrEqual(100)
  })
})

test.each(['--version', '-V'])('%s is that of package.json', async (flag) => {
  const run = runInProcess([flag])
  expect(await run.returned).toBe(0)
  expect(run.stdout()).toBe(
    `${(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version}\n`,
  )
})

test('_extension-metadata is what Linkerd’s check asks for, and is not in the help', async () => {
  const run = runInProcess(['_extension-metadata'])
  expect(await run.returned).toBe(0)
  expect(run.stdout()).toBe('{"name":"linkerd-tracing","checks":"always"}\n')
  const help = runInProcess(['--help'])
  await help.returned
  expect(help.stdout()).not.toContain('_extension')
})

describe('mistakes on the command line: a sentence on stderr, exit code 1', () => {
  test.each([
    [['srve'], /^error: unknown command 'srve'\n\(Did you mean serve\?\)/],
    [['serve', '--prt', '1'], /^error: unknown option '--prt'\n\(Did you mean --port\?\)/],
    [['serve', '--port'], /^error: option '--port <port>' argument missing/],
    [['serve', 'more'], /^error: too many arguments for 'serve'/],
    [['try', 'more'], /^error: too many arguments for 'try'/],
    [[], /^Usage: /],
  ])('%j', async (words, message) => {
    const run = runInProcess(words)
    expect(await run.returned).toBe(1)
    expect(run.stderr()).toMatch(message)
    expect(run.stdout()).toBe('')
  })
})

describe('what a command throws', () => {
  const throwing = (thrown: unknown) =>
    new Proxy<Record<string, string>>(
      {},
      {
        get: () => {
          throw thrown
        },
      },
    )

  test.each([
    [new Error('the port is in use'), /^error: the port is in use\n$/],
    [new TypeError('x is no function'), /^error: TypeError: x is no function\n {4}at /],
    ['a text', /^error: a text\n$/],
    [new Error('2 faults:\n  one\n  two'), /^error: 2 faults:\n {2}one\n {2}two\n$/],
  ])('%s: foreseen errors are a sentence, faults show where they are; exit code 1', async (thrown, message) => {
    const run = runInProcess(['serve'], throwing(thrown))
    expect(await run.returned).toBe(1)
    expect(run.stderr()).toMatch(message)
  })

  test('foreign text in it steers no terminal, and lines stay lines', async () => {
    const run = runInProcess(['serve'], throwing(new Error('x\u001b[2J\u0007\u007f\u009b\u202eis\ndone\r')))
    await run.returned
    expect(run.stderr()).toBe('error: x\\u001b[2J\\u0007\\u007f\\u009b\\u202eis\ndone\\r\n')
  })
})

describe('Node', () => {
  test.each(['22.19.0', '22.20.1', '24.0.0', '26.10.0'])('%s is taken', (version) => {
    expect(nodeVersionMistake(version)).toBeUndefined()
  })

  test.each(['20.20.2', '22.18.9', '21.99.0', '8.0.0', ''])(
    '%j is not, and the message says how to get another',
    (version) => {
      expect(nodeVersionMistake(version)).toContain(
        `this is Node ${version}.\nnpm start uses the Node that npm installed`,
      )
    },
  )
})

test('the process itself: words in, exit code out', async () => {
  const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
  const run = (...words: string[]) => promisify(execFile)(process.execPath, [main, ...words])
  expect((await run('--help')).stdout).toMatch(/^Usage: linkerd-tracing/)
  await expect(run('nothing')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^error: unknown command/),
  })
})
