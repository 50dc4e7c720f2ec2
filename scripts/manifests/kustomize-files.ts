import { type DecidedValues, installManifests } from '../../src/install/install-manifests.ts'
import type { Manifest } from '../../src/install/webhook-configurations.ts'
import { kustomizeBase } from './kustomize-base.ts'
import { type Files, kustomizeOverlay } from './kustomize-overlay.ts'
import { BASE_VALUES, OVERLAYS, type Overlay } from './overlays.ts'
import { productionObjects } from './production/production-objects.ts'
import { PRODUCTION } from './production/production-values.ts'
import { shippedValues } from './shipped-values.ts'

/** Gives every file of `manifests/kustomize`, by its path there. */
export function kustomizeFiles(): Files {
  const base = shippedValues(BASE_VALUES)
  const objects = installManifests(base)
  const filesOf = (overlay: Overlay, build: (values: DecidedValues) => Manifest[]) => {
    const values = shippedValues(overlay.values)
    const files = kustomizeOverlay({
      base: objects,
      baseNamespace: base.namespace,
      wanted: build(values),
      namespace: values.namespace,
      comment: overlay.what,
    })
    return entriesIn(`overlays/${overlay.name}`, files)
  }
  return Object.fromEntries([
    ...entriesIn('base', kustomizeBase(objects)),
    ...OVERLAYS.flatMap((overlay) => filesOf(overlay, installManifests)),
    ...filesOf(PRODUCTION, productionObjects),
  ])
}

function entriesIn(folder: string, files: Files): [string, string][] {
  return Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text])
}
