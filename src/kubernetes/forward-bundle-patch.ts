import { isJsonObject, type JsonObject, listOf, objectOf, textOf } from '../injection/json.ts'

/** The entry that calls Linkerd's injector for our own Pods (seed layout), and the Service that it calls. */
export const FORWARD_ENTRY = 'forward.tracing.linkerd.io'
const LINKERD_INJECTOR_SERVICE = 'linkerd-proxy-injector'

/** An operation of a JSON Patch as we send it to the API server. */
export type BundleOperation =
  | { readonly op: 'test'; readonly path: string; readonly value: string }
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: string }

/**
 * Takes both live configurations (undefined: absent), gives the patch that makes the forward entry's caBundle equal to
 * Linkerd's; undefined when there is nothing to do. It names the entry by its place in the live order, and tests its
 * name first: an order that changed meanwhile has the API server refuse the whole patch. Where Linkerd's bundle is
 * absent ours stays.
 */
export function forwardBundlePatch(
  linkerd: JsonObject | undefined,
  ours: JsonObject | undefined,
): readonly BundleOperation[] | undefined {
  const wanted = linkerdBundle(linkerd)
  const entries = listOf(ours, 'webhooks')
  const index = entries.findIndex((entry) => isJsonObject(entry) && textOf(entry, 'name') === FORWARD_ENTRY)
  const entry = entries[index]
  const clientConfig = isJsonObject(entry) ? objectOf(entry, 'clientConfig') : undefined
  if (wanted === undefined || clientConfig === undefined || clientConfig['caBundle'] === wanted) return undefined
  return [
    { op: 'test', path: `/webhooks/${index}/name`, value: FORWARD_ENTRY },
    {
      op: Object.hasOwn(clientConfig, 'caBundle') ? 'replace' : 'add',
      path: `/webhooks/${index}/clientConfig/caBundle`,
      value: wanted,
    },
  ]
}

function linkerdBundle(linkerd: JsonObject | undefined): string | undefined {
  const bundles = listOf(linkerd, 'webhooks').flatMap((entry) => {
    const clientConfig = isJsonObject(entry) ? objectOf(entry, 'clientConfig') : undefined
    const isInjector = textOf(objectOf(clientConfig, 'service'), 'name') === LINKERD_INJECTOR_SERVICE
    return isInjector ? [textOf(clientConfig, 'caBundle') ?? ''] : []
  })
  return bundles.find((bundle) => bundle !== '')
}
