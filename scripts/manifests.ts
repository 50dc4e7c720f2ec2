import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { injectorManifests, toYaml } from '../src/install/injector-manifests.ts'
import { SHIPPED_LAYOUTS } from '../src/install/shipped-layouts.ts'

// Writes manifests/ anew; test/install/injector-manifests.test.ts fails when it was forgotten.
for (const { folder, layout } of SHIPPED_LAYOUTS) {
  const target = join(import.meta.dirname, '..', 'manifests', folder)
  mkdirSync(target, { recursive: true })
  writeFileSync(join(target, 'injector.yaml'), toYaml(injectorManifests(layout)))
}
