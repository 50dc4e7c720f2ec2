import { stringify } from 'yaml'
import { caBundlePolicy } from './ca-bundle-policy.ts'
import { certificateSecret } from './certificate-secret.ts'
import { injectorRoles } from './injector-roles.ts'
import { assertInstallable, certManagerObjects } from './issuer-chain.ts'
import type { InstallLayout } from './layout.ts'
import { type Manifest, webhookConfigurations } from './webhook-configurations.ts'

/**
 * The cluster-wide objects of the injector, in the order in which `kubectl apply -f -` can take them. Throws LayoutError
 * for a layout that cannot be installed.
 */
export function injectorManifests(layout: InstallLayout): Manifest[] {
  assertInstallable(layout)
  // the configurations come last: until then nothing calls a server that may not run yet
  return [
    ...injectorRoles(layout),
    ...certificateSecret(layout),
    ...certManagerObjects(layout),
    ...caBundlePolicy(layout),
    ...webhookConfigurations(layout),
  ]
}

/** Prints manifests as one YAML stream. */
export function toYaml(manifests: readonly Manifest[]): string {
  return manifests.map((manifest) => stringify(manifest, { aliasDuplicateObjects: false, lineWidth: 0 })).join('---\n')
}
