// Builds Helm and kustomize ahead of the tests: node test/manifests/build-programs.ts
import { findManifestProgram } from './programs/manifest-programs.ts'

for (const name of ['kustomize', 'helm'] as const) console.log(`${name}\t${await findManifestProgram(name)}`)
