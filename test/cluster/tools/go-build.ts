import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { join } from 'node:path'
import { TOOL_PACKAGES, type ToolName } from './tool-names.ts'

const MODULE = import.meta.dirname
const GO_MOD = readFileSync(join(MODULE, 'go.mod'), 'utf8')

/** The release of Kubernetes that is built, `v1.37.2`; ./go.mod is the only place that says it. */
export const KUBERNETES_VERSION = /k8s\.io\/kubernetes (v\S+)/.exec(GO_MOD)?.[1] ?? ''

const GO_NEEDED = /^go (\d+\.\d+)/m.exec(GO_MOD)?.[1] ?? ''

// What `hack/lib/version.sh` of Kubernetes sets: without it the API server says that it is v0.0.0-master, and
// refuses to emulate any version.
function versionFlags(): string {
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(KUBERNETES_VERSION) ?? []
  const facts = { gitVersion: KUBERNETES_VERSION, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' }
  return ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version']
    .flatMap((module) => Object.entries(facts).map(([name, value]) => `-X ${module}.${name}=${value}`))
    .join(' ')
}

const ARGUMENTS = ['build', '-trimpath', '-ldflags', `-s -w ${versionFlags()}`]
const ENVIRONMENT = { CGO_ENABLED: '0', GOFLAGS: '-mod=readonly -buildvcs=false', GOWORK: 'off' }

/** All that decides what the programs are: built programs are kept under the hash of this text. */
export function buildRecipe(): string {
  const sum = readFileSync(join(MODULE, 'go.sum'), 'utf8')
  return JSON.stringify([process.platform, process.arch, ARGUMENTS, ENVIRONMENT, TOOL_PACKAGES, GO_MOD, sum])
}

/** Builds one program into `file`; go's own output goes to stderr. Throws when there is no Go, or when go fails. */
export async function goBuild(tool: ToolName, file: string): Promise<void> {
  const child = spawn('go', [...ARGUMENTS, '-o', file, TOOL_PACKAGES[tool]], {
    cwd: MODULE,
    env: { ...process.env, ...ENVIRONMENT },
    stdio: ['ignore', 2, 2],
  })
  // Minutes of compiling: whoever else works on the machine goes first.
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL)
  const code = await new Promise<number | string>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'ENOENT' ? noGo() : error))
    child.once('exit', (status, signal) => resolve(status ?? signal ?? 'unknown'))
  })
  if (code !== 0) throw new Error(`go build of ${tool} ended with ${code}; what go said is above.`)
}

function noGo(): Error {
  return new Error(
    `The test cluster's etcd, kube-apiserver, kubectl and kube-controller-manager are built with Go ${GO_NEEDED} or newer, ` +
      'and there is no `go` on the PATH: install it (https://go.dev/dl), or set KUBEBUILDER_ASSETS to a folder that has them.',
  )
}
