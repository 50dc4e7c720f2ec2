// The README's commands, typed as they stand there, on the oldest Node that is promised when this machine has one: the
// program itself needs a newer one, which npm's scripts find in node_modules.
import { execFile, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { root } from './source-files.ts'

const commands = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)].flatMap((block) =>
  String(block[1])
    .split('\n')
    .filter((line) => line !== ''),
)

/** What npm and this test run have put in front is taken away, and a Node 20 comes first. */
const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'))
const versionIn = (folder: string) => {
  try {
    return execFileSync(join(folder, 'node'), ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    return ''
  }
}
const oldest =
  folders.find((folder) => versionIn(folder).startsWith('v20.')) ?? folders.find((folder) => versionIn(folder))
const env = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|^NODE|^VITEST|^CI$/i.test(name))),
  PATH: [oldest ?? '', ...folders].join(delimiter),
}
const certDir = join(mkdtempSync(join(tmpdir(), 'readme-')), 'certs')
afterAll(() => rmSync(join(certDir, '..'), { recursive: true, force: true }))

test.skipIf(process.platform === 'win32')('no command asks for a Node that the reader may not have', () => {
  expect(commands.filter((line) => /^(node|npx|linkerd-tracing)\b/.test(line))).toEqual([])
})

// Of no use where the machine has no npm of its own.
test.skipIf(oldest === undefined)(`inject, on Node ${oldest && versionIn(oldest)}`.trim(), async () => {
  const command = commands.find((line) => line.startsWith('npm run') && line.includes(' inject ')) ?? 'false'
  const { stdout, stderr } = await promisify(execFile)('sh', ['-c', command], { cwd: root, env })
  expect(stdout).toMatch(/^# |^apiVersion: /)
  expect(stdout).toContain('LINKERD2_PROXY_TRACE_COLLECTOR_SVC_ADDR')
  expect(stderr).toMatch(/^setup: ready, on Node v\d+/m)
  const promised = readFileSync(join(root, 'README.md'), 'utf8').match(/`(pod\/web-.*: traced → .*)`/)?.[1]
  expect(stderr.trim().split('\n').at(-1)).toBe(promised)
  // What was compiled is kept for the next start.
  expect(existsSync(join(root, 'dist/.compile-cache'))).toBe(true)
})

test.skipIf(oldest === undefined)(`start and try, on Node ${oldest && versionIn(oldest)}`.trim(), async () => {
  const start = commands.find((line) => line.startsWith('npm start'))?.replace(/ +#.*/, '') ?? 'false'
  const server = spawn('sh', ['-c', `exec ${start} -- --port 0 --admin-port 0 --cert-dir '${certDir}'`], {
    cwd: root,
    env,
    detached: true,
  })
  try {
    const greeting = await new Promise<string>((resolve, reject) => {
      let text = ''
      server.stderr.on('data', (chunk: Buffer) => {
        text += chunk.toString()
        if (text.includes('npm run try')) resolve(text)
      })
      server.on('exit', () => reject(new Error(text)))
    })
    // The command that is printed, as it is printed.
    const command = greeting.match(/npm run try .*/)?.[0] ?? 'false'
    expect(commands).toContain('npm run try')
    const { stdout } = await promisify(execFile)('sh', ['-c', command], { cwd: root, env })
    expect(stdout.match(/outcome: {3}(traced|marked)/g)).toHaveLength(3)
  } finally {
    if (server.pid !== undefined) process.kill(-server.pid, 'SIGKILL')
  }
})
