import { type InjectContext, type InjectedTemplate, injectTemplate } from './inject-template.ts'
import type { InjectedSource } from './join-sources.ts'
import type { Manifest } from './manifest.ts'
import { patchManifest } from './patch-manifest.ts'
import { findPodTemplates } from './pod-templates.ts'

export interface InjectSourceResult extends InjectedSource {
  readonly workloads: readonly InjectedTemplate[]
}

/**
 * Takes the documents of a source, decides on each workload in it, gives the new text; documents without a change, and
 * all that stands between documents, keep their text. Throws ManifestError when a document cannot be edited.
 */
export async function injectSource(
  manifests: readonly Manifest[],
  context: InjectContext,
): Promise<InjectSourceResult> {
  const workloads: InjectedTemplate[] = []
  let text = ''
  for (const manifest of manifests) {
    const decided = await decideManifest(manifest, context)
    workloads.push(...decided)
    const operations = decided.flatMap((workload) => workload.operations)
    text += manifest.type === 'document' ? patchManifest(manifest, operations) : manifest.text
  }
  return { text, workloads, isJson: manifests.every((manifest) => manifest.type === 'verbatim' || isJson(manifest)) }
}

const isJson = (manifest: Manifest) => manifest.type === 'document' && manifest.format === 'json'

async function decideManifest(manifest: Manifest, context: InjectContext): Promise<InjectedTemplate[]> {
  if (manifest.type === 'verbatim') return []
  return Promise.all(findPodTemplates(manifest.value).map((template) => injectTemplate(template, context)))
}
