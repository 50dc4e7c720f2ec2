/** A folder of `manifests/kustomize/overlays`. */
export interface Overlay {
  readonly name: string
  /** What it is for, in a sentence. */
  readonly what: string
  /** Its settings, as a file of values says them. */
  readonly values: Readonly<Record<string, unknown>>
}

/** In git nobody asks a cluster: what `install` would ask is said. */
const SAID = { policy: 'on' }

/** What the base is rendered with, and so the overlay `default`. */
export const BASE_VALUES: Overlay['values'] = SAID

/** The overlays, in the order of docs/install.md. */
export const OVERLAYS: readonly Overlay[] = [
  { name: 'default', what: 'All defaults.', values: SAID },
  {
    name: 'ha',
    what: 'Three injectors and two collectors, on different nodes.',
    values: { ...SAID, ha: true, clusterDomain: 'cluster.local' },
  },
  {
    name: 'seed-layout',
    what: 'In Linkerd’s own namespace, as Linkerd 2.7 had it.',
    values: { ...SAID, namespace: 'linkerd' },
  },
  {
    name: 'cert-manager',
    what: 'Certificates by cert-manager, 1.18 or newer.',
    values: { ...SAID, certs: 'cert-manager' },
  },
  {
    name: 'external-backend',
    what: 'No Jaeger; spans go to an OTLP endpoint, with a header from a Secret.',
    values: {
      ...SAID,
      jaeger: { storage: 'none' },
      backends: [
        {
          endpoint: 'otel.example.com:4317',
          headers: [{ name: 'authorization', secret: { name: 'otel-credentials', key: 'authorization' } }],
        },
      ],
    },
  },
]
