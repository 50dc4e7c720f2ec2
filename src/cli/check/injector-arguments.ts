import { variableOf } from '../../config/setting.ts'
import { isJsonObject, listOf, objectOf, textOf } from '../../injection/json.ts'
import { INJECTOR } from '../../install/object-names.ts'
import type { ClusterView } from '../../kubernetes/cluster-view.ts'

/** Gives what the injector was told for a flag (without dashes); undefined when it was told nothing. */
export type InjectorArguments = (flag: string) => string | undefined

/** Takes the cluster and our namespace, gives what the injector's Deployment tells it, by arguments and variables. */
export async function injectorArguments(cluster: ClusterView, namespace: string): Promise<InjectorArguments> {
  const deployment = await cluster.get({ root: '/apis/apps/v1', plural: 'deployments', namespace }, INJECTOR)
  const spec = objectOf(objectOf(objectOf(deployment, 'spec'), 'template'), 'spec')
  const containers = listOf(spec, 'containers').filter(isJsonObject)
  const words = containers.flatMap((container) => listOf(container, 'args')).filter((word) => typeof word === 'string')
  const variables = containers.flatMap((container) => listOf(container, 'env')).filter(isJsonObject)
  // A flag wins over its variable, as with `serve` itself.
  return (flag) =>
    argument(words, flag) ??
    textOf(
      variables.find((variable) => textOf(variable, 'name') === variableOf(flag)),
      'value',
    )
}

/** The last one counts: `--flag=value`, `--flag value`, or `--flag` alone, which is true. */
function argument(words: readonly string[], flag: string): string | undefined {
  const index = words.findLastIndex((word) => word === `--${flag}` || word.startsWith(`--${flag}=`))
  const word = words[index]
  if (word === undefined) return undefined
  if (word.includes('=')) return word.slice(word.indexOf('=') + 1)
  const next = words[index + 1]
  return next === undefined || next.startsWith('-') ? 'true' : next
}
