import { toYaml } from '../../src/install/injector-manifests.ts'
import type { Manifest } from '../../src/install/webhook-configurations.ts'
import { type Files, HEADER } from './kustomize-overlay.ts'

/** Takes all objects, gives the files of the base: one for each part of the product. */
export function kustomizeBase(objects: readonly Manifest[]): Files {
  const files = Object.groupBy(objects, fileOf)
  const kustomization = { ...HEADER, resources: Object.keys(files) }
  return {
    'kustomization.yaml': `# What the overlays share. Apply one of them, or an overlay of your own.\n${toYaml([kustomization])}`,
    ...Object.fromEntries(Object.entries(files).map(([name, content = []]) => [name, toYaml(content)])),
  }
}

/** By kind where a kind is a matter of its own, else by component. */
const FILES: Readonly<Record<string, string>> = {
  Namespace: 'namespace.yaml',
  Server: 'linkerd-policy.yaml',
  ServerAuthorization: 'linkerd-policy.yaml',
  NetworkPolicy: 'network-policies.yaml',
  MutatingWebhookConfiguration: 'webhooks.yaml',
}

function fileOf({ kind, metadata }: Manifest): string {
  const { labels } = metadata as { readonly labels: Readonly<Record<string, string>> }
  return FILES[String(kind)] ?? `${labels['app.kubernetes.io/component']}.yaml`
}
