import type { InstallLayout } from '../../src/install/layout.ts'

const DEFAULTS: InstallLayout = {
  namespace: 'linkerd-tracing',
  linkerdNamespace: 'linkerd',
  allNamespaces: false,
  controlPlane: true,
  certs: 'self-managed',
}

/** The layouts in which the cluster-wide objects differ. */
export const LAYOUTS: ReadonlyArray<{ readonly name: string; readonly layout: InstallLayout }> = [
  { name: 'default', layout: DEFAULTS },
  { name: 'all Namespaces', layout: { ...DEFAULTS, allNamespaces: true } },
  // where Linkerd 2.7 had its collector: in the control plane's own namespace
  { name: 'seed layout', layout: { ...DEFAULTS, namespace: 'linkerd' } },
  { name: 'cert-manager', layout: { ...DEFAULTS, certs: 'cert-manager' } },
]
