import { installManifests } from '../../src/install/install-manifests.ts'
import type { Manifest } from '../../src/install/webhook-configurations.ts'
import { kustomizeBase } from './kustomize-base.ts'
import { type Files, kustomizeOverlay } from './kustomize-overlay.ts'
import { BASE_VALUES, OVERLAYS, type Overlay } from './overlays.ts'
import { shippedValues } from './shipped-values.ts'

/** Gives every file of `manifests/kustomize`, by its path there. */
export function kustomizeFiles(): Files {
  const base = shippedValues(BASE_VALUES)
  const objects = installManifests(base)
  const overlays = OVERLAYS.flatMap((overlay) =>
    entriesIn(`overlays/${overlay.name}`, overlayFiles(overlay, { objects, namespace: base.namespace })),
  )
  return Object.fromEntries([...entriesIn('base', kustomizeBase(objects)), ...overlays])
}

interface Base {
  readonly objects: readonly Manifest[]
  readonly namespace: string
}

function overlayFiles({ what, values }: Overlay, base: Base): Files {
  const wanted = shippedValues(values)
  return kustomizeOverlay({
    base: base.objects,
    baseNamespace: base.namespace,
    wanted: installManifests(wanted),
    namespace: wanted.namespace,
    comment: what,
  })
}

function entriesIn(folder: string, files: Files): [string, string][] {
  return Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text])
}
