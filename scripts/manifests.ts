// Writes what is made from code in manifests/ anew: `npm run manifests`. test/manifests/manifests.test.ts fails when it was forgotten.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { helmFiles } from './manifests/helm-files.ts'
import { kustomizeFiles } from './manifests/kustomize-files.ts'
import type { Files } from './manifests/kustomize-overlay.ts'

const target = join(import.meta.dirname, '..', 'manifests')

// of the chart's templates most are written by hand; here everything is ours
rmSync(join(target, 'kustomize'), { recursive: true, force: true })
write('kustomize', kustomizeFiles())
write('helm/linkerd-tracing', helmFiles())

function write(folder: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(target, folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}
