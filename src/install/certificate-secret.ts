import type { InstallLayout } from './layout.ts'
import { CERTIFICATE_SECRET, INJECTOR_LABELS } from './object-names.ts'
import type { Manifest } from './webhook-configurations.ts'

/**
 * The Secret of the self-managed certificates, without data: the injector fills it, and what a manifest does not name
 * a second `kubectl apply` leaves alone.
 */
export function certificateSecret({ namespace, certs }: InstallLayout): Manifest[] {
  if (certs !== 'self-managed') return []
  const metadata = { name: CERTIFICATE_SECRET, namespace, labels: INJECTOR_LABELS }
  return [{ apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque' }]
}
