import { type JsonObject, objectOf, textOf } from '../../injection/json.ts'
import { COLLECTOR_ADDRESS, COLLECTOR_SERVICE_ACCOUNT } from '../../injection/metadata-names.ts'
import type { ClusterView } from '../../kubernetes/cluster-view.ts'
import { nameOf } from '../check/entries.ts'
import { ROLLED_KINDS } from '../pod-coverage/restart-advice.ts'
import type { WorkloadName } from '../pod-coverage/workload.ts'
import { traceArguments } from './find-jaeger.ts'
import type { FoundObject } from './migration-facts.ts'
import { templateMetadata } from './template-annotations.ts'

/** What workloads say of tracing in their templates. */
export interface TemplateFacts {
  readonly annotated: readonly FoundObject[]
  readonly components: readonly { readonly workload: WorkloadName; readonly address: string }[]
}

const KINDS = [
  ...ROLLED_KINDS.map((one) => ({ ...one, root: '/apis/apps/v1', group: 'apps' })),
  { kind: 'CronJob', plural: 'cronjobs', root: '/apis/batch/v1', group: 'batch' },
]

/** Takes the cluster, looks at every workload that has a template, gives those that say something of tracing in it. */
export async function findWorkloads(cluster: ClusterView, linkerdNamespace: string): Promise<TemplateFacts> {
  const annotated: FoundObject[] = []
  const components: { workload: WorkloadName; address: string }[] = []
  for (const { kind, group, root, plural } of KINDS) {
    const take = (object: JsonObject): void => {
      const namespace = textOf(objectOf(object, 'metadata'), 'namespace') ?? ''
      const annotations = objectOf(templateMetadata({ kind, object }), 'annotations')
      const isTold = [COLLECTOR_ADDRESS, COLLECTOR_SERVICE_ACCOUNT].some(
        (name) => textOf(annotations, name) !== undefined,
      )
      if (isTold) annotated.push({ kind, collection: { root, plural, namespace }, object })
      if (namespace !== linkerdNamespace || kind !== 'Deployment') return
      const workload = { namespace, group, kind, name: nameOf(object) }
      components.push(...traceArguments(object).map((address) => ({ workload, address })))
    }
    await cluster.walk({ root, plural }, take)
  }
  return { annotated, components }
}
