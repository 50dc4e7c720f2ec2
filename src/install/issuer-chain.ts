import { type InstallLayout, isSeedLayout } from './layout.ts'
import { CERT_MANAGER, INJECTOR, INJECTOR_LABELS } from './object-names.ts'

type Manifest = Readonly<Record<string, unknown>>

/** A layout that cannot be installed; the message says why, and what to do. */
export class LayoutError extends Error {
  override readonly name = 'LayoutError'
}

/**
 * Takes a layout, gives why it cannot be installed: cert-manager in the seed layout. Its injector fills the caBundle of
 * every entry of an annotated configuration, that of `forward` too, and with our CA in it Linkerd's injector would be
 * called by nobody who trusts it.
 */
export function layoutFault({
  certs,
  namespace,
  linkerdNamespace,
}: Pick<InstallLayout, 'certs' | 'namespace' | 'linkerdNamespace'>): string | undefined {
  if (certs !== 'cert-manager' || !isSeedLayout({ namespace, linkerdNamespace })) return undefined
  return `cert-manager cannot be used in Linkerd’s own namespace (${namespace}): it would put our CA into the entry that leads to Linkerd’s injector; use another namespace, or certificates of the mode self-managed or files`
}

/** Takes a layout, throws LayoutError when it cannot be installed. */
export function assertInstallable(layout: InstallLayout): void {
  const fault = layoutFault(layout)
  if (fault !== undefined) throw new LayoutError(fault)
}

/** Takes a layout, gives the annotation by which cert-manager writes the caBundles of a configuration; else nothing. */
export function injectedCa({ certs, namespace }: InstallLayout): Readonly<Record<string, string>> {
  return certs === 'cert-manager' ? { 'cert-manager.io/inject-ca-from': `${namespace}/${CERT_MANAGER.serving}` } : {}
}

const API = 'cert-manager.io/v1'

/**
 * A chain of cert-manager's own making: an Issuer that signs nothing but itself → a CA → an Issuer with that CA → the
 * serving certificate, in the Secret that the injector mounts. What cert-manager would default is written out.
 */
export function certManagerObjects(layout: InstallLayout): Manifest[] {
  if (layout.certs !== 'cert-manager') return []
  return [
    issuer(layout, CERT_MANAGER.selfSigned, { selfSigned: {} }),
    certificate(layout, CERT_MANAGER.ca, {
      commonName: 'linkerd-tracing-injector-ca',
      isCA: true,
      usages: ['cert sign', 'crl sign'],
      // The bundle holds one CA only, and changes a minute or so before the kubelets have brought the new certificate. So
      // the CA lasts, and keeps its key when it is renewed: certificates of before and after are good by either.
      duration: '87600h0m0s',
      renewBefore: '8760h0m0s',
      issuerRef: reference(CERT_MANAGER.selfSigned),
      privateKey: key('Never'),
    }),
    issuer(layout, CERT_MANAGER.caIssuer, { ca: { secretName: CERT_MANAGER.ca } }),
    certificate(layout, CERT_MANAGER.serving, {
      dnsNames: serviceNames(layout),
      isCA: false,
      usages: ['digital signature', 'server auth'],
      duration: '2160h0m0s',
      renewBefore: '720h0m0s',
      issuerRef: reference(CERT_MANAGER.caIssuer),
      privateKey: key('Always'),
    }),
  ]
}

function issuer(layout: InstallLayout, name: string, spec: Manifest): Manifest {
  return { apiVersion: API, kind: 'Issuer', metadata: meta(layout, name), spec }
}

function certificate(layout: InstallLayout, name: string, spec: Manifest): Manifest {
  const common = { secretName: name, secretTemplate: { labels: INJECTOR_LABELS }, revisionHistoryLimit: 1 }
  return { apiVersion: API, kind: 'Certificate', metadata: meta(layout, name), spec: { ...common, ...spec } }
}

function meta({ namespace }: InstallLayout, name: string): Manifest {
  return { name, namespace, labels: INJECTOR_LABELS }
}

function reference(name: string): Manifest {
  return { group: 'cert-manager.io', kind: 'Issuer', name }
}

function key(rotationPolicy: 'Never' | 'Always'): Manifest {
  return { algorithm: 'ECDSA', size: 256, encoding: 'PKCS8', rotationPolicy }
}

function serviceNames({ namespace }: InstallLayout): string[] {
  return [INJECTOR, `${INJECTOR}.${namespace}`, `${INJECTOR}.${namespace}.svc`]
}
