import type { NamespaceReader } from '../../admission/admit-pod.ts'
import { decideInjection } from '../../injection/decide-injection.ts'
import type { InjectionDecision } from '../../injection/decision.ts'
import type { InstallSettings } from '../../injection/install-settings.ts'
import { type PatchOperation, podPatch } from '../../injection/pod-patch.ts'
import type { NamespaceMeta } from '../../injection/pod-request.ts'
import type { PodTemplate } from './pod-templates.ts'

/** What decides besides the manifests themselves. */
export interface InjectContext {
  readonly settings: InstallSettings
  readonly readNamespace: NamespaceReader
  /** Those of the input itself, for the Namespaces that `readNamespace` does not know. */
  readonly streamNamespaces: ReadonlyMap<string, NamespaceMeta>
  /** Of objects that name none. */
  readonly defaultNamespace: string
}

/** One Pod or template, decided. */
export interface InjectedTemplate {
  readonly workload: string
  readonly namespace: string
  readonly decision: InjectionDecision
  /** Paths are those of the document. */
  readonly operations: readonly PatchOperation[]
}

/**
 * Takes a Pod or template, decides on it as the webhook would when such a Pod is created, gives the decision and the
 * patch of the document that it stands in.
 */
export async function injectTemplate(template: PodTemplate, context: InjectContext): Promise<InjectedTemplate> {
  const namespace = template.namespace ?? context.defaultNamespace
  const known = await readKnown(context.readNamespace, namespace)
  const streamed = known === undefined ? context.streamNamespaces.get(namespace) : undefined
  const decision = decideInjection({
    request: {
      uid: '',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: 'pods',
      subResource: '',
      operation: 'CREATE',
      namespace,
      name: template.name,
      dryRun: false,
      object: template.pod,
    },
    namespace: known ?? streamed,
    // To run `inject` is to opt in: a Namespace that stands beside its workloads need not say so too, but may say no.
    settings: streamed === undefined ? context.settings : { ...context.settings, allNamespaces: true },
  })
  const operations = podPatch(template.pod, decision).map((operation) => ({
    ...operation,
    path: template.pointer + operation.path,
  }))
  return { workload: template.workload, namespace, decision, operations }
}

/** A reader may also tell why a Namespace is unknown; offline that is nobody's concern, the file says what it says. */
async function readKnown(readNamespace: NamespaceReader, name: string): Promise<NamespaceMeta | undefined> {
  const found = await readNamespace(name)
  return found !== undefined && 'labels' in found ? found : undefined
}
