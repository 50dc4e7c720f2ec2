import { join } from 'node:path'
import { findPrograms } from '../../go-programs/find-programs.ts'
import type { GoModule } from '../../go-programs/go-module.ts'

const inFolder = (name: string) => join(import.meta.dirname, name)

// What is quick comes first.
const MODULES = {
  kustomize: {
    what: 'The tests’ kustomize and Helm',
    folder: inFolder('kustomize'),
    packages: { kustomize: 'sigs.k8s.io/kustomize/kustomize/v5' },
  },
  helm: {
    what: 'The tests’ kustomize and Helm',
    folder: inFolder('helm'),
    packages: { helm: 'helm.sh/helm/v3/cmd/helm' },
  },
} satisfies Record<string, GoModule>

export type ManifestProgram = keyof typeof MODULES

/**
 * Where a program that renders `manifests/` is: in a cache outside the checkout, where it is built the first time (a
 * minute or two). Throws with one sentence that says what is missing.
 */
export async function findManifestProgram(name: ManifestProgram): Promise<string> {
  const say = (text: string) => process.stderr.write(`manifests: ${text}\n`)
  return join(await findPrograms(MODULES[name], say), name)
}
