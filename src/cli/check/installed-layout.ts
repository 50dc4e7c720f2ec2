import { isJsonObject, type JsonObject, listOf, objectOf, textOf } from '../../injection/json.ts'
import { INJECT } from '../../injection/metadata-names.ts'
import type { InstallLayout } from '../../install/layout.ts'
import { ENTRIES, INJECTOR, MARK_CONFIGURATION, TRACE_CONFIGURATION } from '../../install/object-names.ts'
import { type CheckContext, CLUSTER_ROLE_BINDINGS, CLUSTER_ROLES, CONFIGURATIONS, NAMESPACES } from './check-context.ts'
import { entriesOf, entryNamed } from './entries.ts'
import { injectorArguments } from './injector-arguments.ts'

type Surroundings = Pick<CheckContext, 'cluster' | 'linkerdNamespace'>

/**
 * Takes the cluster, gives the layout that was installed, as far as it shows: the arguments of the injector's Deployment
 * say it best; without them what is there of the objects does. Undefined: nothing of ours is there.
 */
export async function findLayout(context: Surroundings): Promise<InstallLayout | undefined> {
  const { cluster, linkerdNamespace } = context
  const namespace = await findOwnNamespace(context)
  if (namespace === undefined) return undefined
  const [mark, trace] = await Promise.all(
    [MARK_CONFIGURATION, TRACE_CONFIGURATION].map((name) => cluster.get(CONFIGURATIONS, name)),
  )
  const said = await injectorArguments(cluster, namespace)
  return {
    namespace,
    linkerdNamespace,
    allNamespaces: said('all-namespaces') === undefined ? selectsAll(trace) : said('all-namespaces') === 'true',
    // Without arguments an entry that is not there is taken for one that was not wanted.
    controlPlane:
      said('control-plane') === undefined
        ? trace === undefined || entryNamed(trace, ENTRIES.controlPlane) !== undefined
        : said('control-plane') === 'true',
    certs: certsOf({
      mode: said('certs'),
      configurations: [mark, trace],
      role: await cluster.get(CLUSTER_ROLES, INJECTOR),
    }),
  }
}

/** Takes the context, gives the layout that is installed. Throws when nothing is. */
export async function demandLayout(context: Surroundings): Promise<InstallLayout> {
  const layout = await findLayout(context)
  if (layout === undefined) throw new Error(NOT_INSTALLED)
  return layout
}

/** What to do where nothing of ours is there. */
export const NOT_INSTALLED =
  'nothing of it is in the cluster; linkerd-tracing check --pre says whether it can be installed, and then: linkerd-tracing install | kubectl apply -f -'

/** Where our entries lead to; else whose ServiceAccount has our rights; else what carries the label of the extension. */
async function findOwnNamespace({ cluster }: Surroundings): Promise<string | undefined> {
  for (const name of [TRACE_CONFIGURATION, MARK_CONFIGURATION]) {
    const entries = entriesOf(await cluster.get(CONFIGURATIONS, name))
    const services = entries.map((entry) => objectOf(objectOf(entry, 'clientConfig'), 'service'))
    const own = services.find((service) => textOf(service, 'name') === INJECTOR)
    if (own !== undefined) return textOf(own, 'namespace')
  }
  const [subject] = listOf(await cluster.get(CLUSTER_ROLE_BINDINGS, INJECTOR), 'subjects')
  if (isJsonObject(subject)) return textOf(subject, 'namespace')
  const [labelled] = (await cluster.list(NAMESPACES, EXTENSION)) ?? []
  return textOf(objectOf(labelled, 'metadata'), 'name')
}

const EXTENSION = 'linkerd.io/extension=tracing'

function selectsAll(trace: JsonObject | undefined): boolean {
  const selector = objectOf(entryNamed(trace, ENTRIES.workloads), 'namespaceSelector')
  const expressions = listOf(selector, 'matchExpressions').filter(isJsonObject)
  return expressions.some((one) => textOf(one, 'key') === INJECT && textOf(one, 'operator') === 'NotIn')
}

interface CertificateSigns {
  /** `--certs` of the injector. */
  readonly mode: string | undefined
  readonly configurations: readonly (JsonObject | undefined)[]
  readonly role: JsonObject | undefined
}

function certsOf({ mode, configurations, role }: CertificateSigns): InstallLayout['certs'] {
  if (mode === 'self-managed') return mode
  // The injector itself is told `files` in both of the other modes.
  const annotated = configurations.map((one) => objectOf(objectOf(one, 'metadata'), 'annotations'))
  if (annotated.some((annotations) => textOf(annotations, INJECT_CA) !== undefined)) return 'cert-manager'
  if (mode === 'files') return mode
  return role === undefined || mayPatchTrace(role) ? 'self-managed' : 'files'
}

const INJECT_CA = 'cert-manager.io/inject-ca-from'

/** Only who makes the certificates itself writes the bundles of this one. */
function mayPatchTrace(role: JsonObject): boolean {
  const rules = listOf(role, 'rules').filter(isJsonObject)
  return rules.some((rule) => listOf(rule, 'resourceNames').includes(TRACE_CONFIGURATION))
}
