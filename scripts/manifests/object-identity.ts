import type { Manifest } from '../../src/install/webhook-configurations.ts'

/** What tells an object from all others of a cluster. */
export interface Identity {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly name: string
  readonly namespace: string | undefined
}

/** Takes an object, gives its identity. */
export function identityOf({ apiVersion, kind, metadata }: Manifest): Identity {
  const { name, namespace } = metadata as { readonly name: string; readonly namespace?: string }
  const [version = '', group = ''] = String(apiVersion).split('/').toReversed()
  return { group, version, kind: String(kind), name, namespace }
}

/** Takes an identity, gives it as a text; the version does not count. */
export function identityKey({ group, kind, namespace, name }: Identity): string {
  return [group, kind, namespace, name].join('/')
}
