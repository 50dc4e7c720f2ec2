// `npm run cluster`, as a developer uses it, and what is left when it is killed.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { waitUntil } from './control-plane/wait-until.ts'
import { isListening, processesOf } from './processes-of.ts'

const PROGRAM = join(import.meta.dirname, 'run-cluster.ts')

const started: ChildProcess[] = []
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

interface Running {
  readonly child: ChildProcess
  readonly lines: string[]
  readonly kubectl: string
  readonly kubeconfig: string
  readonly port: number
}

/** Starts it and reads what it prints, as far as the line to paste. */
async function runCluster(...flags: string[]): Promise<Running> {
  const child = spawn(process.execPath, [PROGRAM, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] })
  started.push(child)
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (line.startsWith('export ')) break
  }
  const text = lines.join('\n')
  const [, port, kubectl = '', kubeconfig = ''] =
    /^# https:\/\/127\.0\.0\.1:(\d+), until Ctrl-C\. kubectl: (\S+)\nexport KUBECONFIG=(\S+) PATH="\S+:\$PATH"$/.exec(
      text,
    ) ?? []
  return { child, lines, kubectl, kubeconfig, port: Number(port) }
}

async function expectNothingLeft({ kubeconfig, port }: Running): Promise<void> {
  const folder = dirname(kubeconfig)
  await waitUntil({ what: 'the processes to end', limitMs: 20_000 }, () => processesOf(folder).length === 0)
  expect(existsSync(folder)).toBe(false)
  // A process that is being torn down has lost its command line before its sockets.
  await waitUntil({ what: 'the port to be free', limitMs: 5_000 }, async () => !(await isListening(port)))
}

const run = promisify(execFile)

test('it prints a kubeconfig that kubectl can use, and Ctrl-C removes everything', async () => {
  const running = await runCluster('--emulated-version=1.36', '--linkerd')
  const env = { ...process.env, KUBECONFIG: running.kubeconfig, HOME: dirname(running.kubeconfig) }
  const kubectl = (...args: string[]) => run(running.kubectl, args, { env })
  expect(JSON.parse((await kubectl('get', '--raw', '/version')).stdout)).toMatchObject({ emulationMinor: '36' })
  const mesh = ['--annotations=linkerd.io/inject=enabled', '--image=app', '--dry-run=server', '-o', 'yaml']
  expect((await kubectl('run', 'app', ...mesh)).stdout).toContain('name: linkerd-proxy')
  const ended = new Promise((resolve) => running.child.once('exit', resolve))
  running.child.kill('SIGINT')
  // npm passes on the signal that the terminal has already given, a moment later.
  await sleep(20)
  running.child.kill('SIGINT')
  expect(await ended).toBe(0)
  await expectNothingLeft(running)
})

test('killed with SIGKILL it leaves nothing either', async () => {
  const running = await runCluster()
  expect(processesOf(dirname(running.kubeconfig)).length).toBeGreaterThanOrEqual(3)
  running.child.kill('SIGKILL')
  await expectNothingLeft(running)
})

test('what cannot be started says why and ends with 1', async () => {
  const failure = await run(process.execPath, [PROGRAM, '--emulated-version=1.20']).catch((error) => error)
  expect(failure).toMatchObject({ code: 1, stdout: '' })
  expect(failure.stderr).toContain('emulation version 1.20 is not between')
})

test('an unknown flag starts nothing', async () => {
  const failure = await run(process.execPath, [PROGRAM, '--emulate=1.36']).catch((error) => error)
  expect(failure).toMatchObject({ code: 1, stdout: '' })
  expect(failure.stderr).toContain("Unknown option '--emulate'")
})

test('--help tells the flags', async () => {
  const { stdout } = await run(process.execPath, [PROGRAM, '--help'])
  for (const flag of ['--emulated-version', '--no-controller-manager', '--linkerd', '--with-injector'])
    expect(stdout).toContain(flag)
})
