import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GoModule } from '../../go-programs/go-module.ts'
import { TOOL_PACKAGES } from './tool-names.ts'

/** The release of Kubernetes that is built, `v1.37.2`; ./go.mod is the only place that says it. */
export const KUBERNETES_VERSION =
  /k8s\.io\/kubernetes (v\S+)/.exec(readFileSync(join(import.meta.dirname, 'go.mod'), 'utf8'))?.[1] ?? ''

export const CLUSTER_TOOLS: GoModule = {
  what: 'The test cluster’s etcd, kube-apiserver, kubectl and kube-controller-manager',
  folder: import.meta.dirname,
  packages: TOOL_PACKAGES,
  linkerFlags: versionFlags(),
  withoutGo: ', or set KUBEBUILDER_ASSETS to a folder that has them',
}

// What `hack/lib/version.sh` of Kubernetes sets: without it the API server says that it is v0.0.0-master, and
// refuses to emulate any version.
function versionFlags(): string {
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(KUBERNETES_VERSION) ?? []
  const facts = { gitVersion: KUBERNETES_VERSION, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' }
  return ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version']
    .flatMap((module) => Object.entries(facts).map(([name, value]) => `-X ${module}.${name}=${value}`))
    .join(' ')
}
