import type { ConfigMap } from '../component-config.ts'
import type { ConfigMistake } from '../config-mistake.ts'
import { isMap } from '../overlay-shapes.ts'

/** Takes a configuration whose shapes are right, gives what is wrong with how its pipelines and extensions are put together. */
export function pipelineMistakes(config: ConfigMap): ConfigMistake[] {
  const { extensions = [], pipelines = {} } = mapAt(config, 'service')
  return [
    ...undefinedIds({
      path: 'service.extensions',
      ids: idsOf(extensions),
      known: Object.keys(mapAt(config, 'extensions')),
      kind: 'extension',
    }),
    ...Object.entries(isMap(pipelines) ? pipelines : {}).flatMap(([id, pipeline]) =>
      mistakesOf(config, `service.pipelines.${id}`, isMap(pipeline) ? pipeline : {}),
    ),
  ]
}

function mistakesOf(config: ConfigMap, path: string, pipeline: ConfigMap): ConfigMistake[] {
  const connectors = Object.keys(mapAt(config, 'connectors'))
  return [
    ...['receivers', 'exporters'].flatMap((side) => [
      ...(idsOf(pipeline[side]).length > 0
        ? []
        : [{ path: `${path}.${side}`, value: [], rule: 'must name at least one' }]),
      ...undefinedIds({
        path: `${path}.${side}`,
        ids: idsOf(pipeline[side]),
        known: [...Object.keys(mapAt(config, side)), ...connectors],
        kind: side.slice(0, -1),
      }),
    ]),
    ...undefinedIds({
      path: `${path}.processors`,
      ids: idsOf(pipeline['processors']),
      known: Object.keys(mapAt(config, 'processors')),
      kind: 'processor',
    }),
    ...orderMistakes(`${path}.processors`, idsOf(pipeline['processors'])),
  ]
}

interface References {
  readonly path: string
  readonly ids: readonly string[]
  readonly known: readonly string[]
  readonly kind: string
}

function undefinedIds({ path, ids, known, kind }: References): ConfigMistake[] {
  return ids.flatMap((id, index): ConfigMistake[] => {
    const at = `${path}[${index}]`
    if (!known.includes(id))
      return [{ path: at, value: id, rule: `is not defined; ${kind}s are ${known.join(', ') || 'none'}` }]
    return ids.indexOf(id) === index ? [] : [{ path: at, value: id, rule: 'must not be named twice' }]
  })
}

/** What must stand before what, and why. */
const ORDER: ReadonlyArray<{ readonly first: string; readonly later: string; readonly why: string }> = [
  {
    first: 'k8s_attributes',
    later: 'tail_sampling',
    why: 'it makes new batches, which the Pod is not known of any more',
  },
  { first: 'redaction', later: 'tail_sampling', why: 'what waits for its trace should hold no secrets' },
  { first: 'tail_sampling', later: 'batch', why: 'what is dropped should not be batched' },
]

function orderMistakes(path: string, ids: readonly string[]): ConfigMistake[] {
  const types = ids.map((id) => id.split('/')[0] ?? id)
  const limiter = types.indexOf('memory_limiter')
  const late =
    limiter === 0 ? [] : [{ path, value: ids, rule: 'must begin with memory_limiter, else nothing bounds the memory' }]
  const swapped = ORDER.filter(
    ({ first, later }) => types.includes(later) && types.indexOf(first) > types.indexOf(later),
  )
  return [
    ...late,
    ...swapped.map(({ first, later, why }) => ({
      path,
      value: ids,
      rule: `must have ${first} before ${later}: ${why}`,
    })),
  ]
}

function mapAt(config: ConfigMap, key: string): ConfigMap {
  const value = config[key]
  return isMap(value) ? value : {}
}

function idsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}
