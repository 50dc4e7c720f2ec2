// How the cluster's programs are found and built. `go` is a stand-in here that writes down how it was called and copies
// itself to where the program should go; the cluster tests use the real one.
import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { TOOL_NAMES } from './tool-names.ts'

const PROGRAM = join(import.meta.dirname, '..', 'build-tools.ts')
const FAKE_GO = `#!/bin/sh
echo "$CGO_ENABLED $GOFLAGS $*" >> "$GO_CALLS"
/bin/sleep "\${GO_SECONDS:-0}"
[ -z "$GO_FAILS" ] || exit 2
while [ "$1" != -o ]; do shift; done
/bin/cp "$0" "$2"
`

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'linkerd-tracing-tools-'))
  mkdirSync(join(folder, 'bin'))
  executable(join(folder, 'bin', 'go'), FAKE_GO)
  writeFileSync(join(folder, 'calls'), '')
})
afterEach(() => rmSync(folder, { recursive: true }))

function executable(file: string, text: string): void {
  writeFileSync(file, text)
  chmodSync(file, 0o755)
}

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function build(env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  // Not this process's PATH: the machine may have the real Go.
  const own = { PATH: join(folder, 'bin'), XDG_CACHE_HOME: join(folder, 'cache'), GO_CALLS: join(folder, 'calls') }
  const child = spawn(process.execPath, [PROGRAM], { env: { ...own, ...env } })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })))
}

const goCalls = () => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n').filter(Boolean)
const built = (file = '') => join(cacheFolder(), file)
const cacheFolder = () => {
  const cache = join(folder, 'cache', 'linkerd-tracing')
  return join(cache, readdirSync(cache)[0] ?? '')
}

test('the four programs are built one by one into the cache, and not again', async () => {
  const first = await build()
  expect(first.code).toBe(0)
  expect(first.stdout.trim().split('\n')).toEqual(TOOL_NAMES.map((name) => `${name}\t${built(name)}`))
  expect(first.stderr).toMatch(/building kube-apiserver into .*\n.*built kube-apiserver in \d+ s/)
  expect(goCalls()).toHaveLength(4)
  for (const call of goCalls()) {
    expect(call).toMatch(/^0 -mod=readonly -buildvcs=false build -trimpath -ldflags -s -w -X .*gitVersion=v1\.37\.2 /)
  }
  const second = await build()
  expect(second).toEqual({ ...first, stderr: '' })
  expect(goCalls()).toHaveLength(4)
})

test('two builds at once: the second waits for the first, and each program is built once', async () => {
  const [first, second] = await Promise.all([build({ GO_SECONDS: '0.3' }), build({ GO_SECONDS: '0.3' })])
  expect([first.code, second.code]).toEqual([0, 0])
  expect(first.stdout).toBe(second.stdout)
  expect(first.stderr + second.stderr).toContain('another run is building the tools, waiting for it…')
  expect(goCalls()).toHaveLength(4)
})

test('what a killed build has left does not stop the next: its lock and its half a program go', async () => {
  await build()
  rmSync(built('kubectl'))
  const { pid } = spawnSync(process.execPath, ['--version'])
  writeFileSync(built('.lock'), JSON.stringify({ pid, host: hostname() }))
  writeFileSync(built(`.kubectl.${pid}.part`), 'half')
  expect(await build()).toMatchObject({ code: 0 })
  expect(readdirSync(cacheFolder()).toSorted()).toEqual([...TOOL_NAMES].toSorted())
  expect(goCalls()).toHaveLength(5)
})

test('a lock of another machine that nobody keeps alive is taken over', async () => {
  await build()
  rmSync(built('kubectl'))
  writeFileSync(built('.lock'), JSON.stringify({ pid: process.pid, host: 'another' }))
  const longAgo = new Date(Date.now() - 60_000)
  utimesSync(built('.lock'), longAgo, longAgo)
  expect(await build()).toMatchObject({ code: 0 })
})

test('a failed build leaves no program behind', async () => {
  const failed = await build({ GO_FAILS: 'yes' })
  expect(failed).toMatchObject({ code: 1, stdout: '' })
  expect(failed.stderr).toContain('go build of etcd ended with 2; what go said is above.')
  expect(readdirSync(cacheFolder())).toEqual([])
})

test('without Go one sentence says what is missing and how to get it', async () => {
  const failed = await build({ PATH: dirname(folder) })
  expect(failed).toMatchObject({ code: 1, stdout: '' })
  expect(failed.stderr).toContain('are built with Go 1.26 or newer, and there is no `go` on the PATH: install it')
})

test('KUBEBUILDER_ASSETS is taken as it is: nothing is built, and the controller manager may be missing', async () => {
  const assets = join(folder, 'bin')
  for (const name of ['etcd', 'kube-apiserver', 'kubectl']) executable(join(assets, name), '#!/bin/sh\n')
  const found = await build({ KUBEBUILDER_ASSETS: assets })
  expect(found).toMatchObject({ code: 0, stderr: '' })
  expect(found.stdout).toContain(`kubectl\t${join(assets, 'kubectl')}\nkube-controller-manager\t(missing)`)
  expect(goCalls()).toEqual([])
})

test('KUBEBUILDER_ASSETS without an API server is refused', async () => {
  const assets = join(folder, 'bin')
  executable(join(assets, 'etcd'), '#!/bin/sh\n')
  const failed = await build({ KUBEBUILDER_ASSETS: assets })
  expect(failed).toMatchObject({ code: 1, stdout: '' })
  expect(failed.stderr).toContain(`KUBEBUILDER_ASSETS is ${assets}, and that folder lacks kube-apiserver, kubectl.`)
})
