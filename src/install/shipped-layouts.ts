import type { InstallLayout } from './layout.ts'

const DEFAULTS: InstallLayout = {
  namespace: 'linkerd-tracing',
  linkerdNamespace: 'linkerd',
  allNamespaces: false,
  controlPlane: true,
  certs: 'self-managed',
}

/** The layouts that `manifests/` holds, a folder each. */
export const SHIPPED_LAYOUTS: ReadonlyArray<{ readonly folder: string; readonly layout: InstallLayout }> = [
  { folder: 'default', layout: DEFAULTS },
  { folder: 'all-namespaces', layout: { ...DEFAULTS, allNamespaces: true } },
  // where Linkerd 2.7 had its collector: in the control plane's own namespace
  { folder: 'seed', layout: { ...DEFAULTS, namespace: 'linkerd' } },
  { folder: 'cert-manager', layout: { ...DEFAULTS, certs: 'cert-manager' } },
]
