// The walk with kubectl through README and further pages, as a reader follows it: each command is run, and what is
// shown there has to come.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const read = (page: string) => readFileSync(join(ROOT, page), 'utf8')
const README = read('README.md')
/** In the order in which they are read; what the README has made is there for the others. */
const FURTHER = ['docs/decisions-on-pods.md', 'docs/cluster.md']

interface Step {
  readonly commands: string
  /** Empty where nothing is shown. */
  readonly shown: string
}

/** The blocks behind the comments `<!-- walk -->`, each with the block of text that follows it, if one does. */
function stepsOf(page: string): Step[] {
  const step = /^<!-- walk.*-->\n```sh\n([\s\S]*?)```\n(?:\n```text\n([\s\S]*?)```\n)?/gm
  return [...page.matchAll(step)].map(([, commands = '', shown = '']) => ({ commands, shown }))
}

const steps = [README, ...FURTHER.map(read)].flatMap(stepsOf)
let cluster: ChildProcess
let environment: NodeJS.ProcessEnv | undefined

beforeAll(async () => {
  const [, flags = ''] = /```sh\nnpm run cluster -- (.*)\n```/.exec(README) ?? []
  // The script itself, not npm: its own process is the one to be stopped.
  const args = [join(import.meta.dirname, 'run-cluster.ts'), ...flags.split(' ')]
  cluster = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface({ input: cluster.stdout as NodeJS.ReadableStream })) {
    const [, kubeconfig = '', folder] = /^export KUBECONFIG=(\S+) PATH="(\S+):\$PATH"$/.exec(line) ?? []
    if (folder === undefined) continue
    // HOME: kubectl keeps there what it learnt of an API server, by a port that an earlier one may have had.
    environment = {
      ...process.env,
      KUBECONFIG: kubeconfig,
      PATH: `${folder}:${process.env['PATH']}`,
      HOME: dirname(kubeconfig),
    }
    break
  }
  if (environment === undefined) throw new Error('the cluster printed no line to paste')
})
afterAll(async () => {
  if (cluster.exitCode !== null) return
  cluster.kill('SIGINT')
  await once(cluster, 'exit')
})

test('there is a walk to follow', () => {
  expect(stepsOf(README).length).toBeGreaterThanOrEqual(4)
  for (const page of FURTHER) expect(stepsOf(read(page)), page).not.toEqual([])
  expect(steps.filter(({ shown }) => shown !== '').length).toBeGreaterThanOrEqual(3)
})

test.each(steps)('$commands', async ({ commands, shown }) => {
  // As at a terminal, where both streams come to the same place.
  const { stdout } = await promisify(execFile)('sh', ['-e', '-c', `exec 2>&1\n${commands}`], { env: environment })
  if (shown !== '') expect(stdout).toBe(shown)
})
