import type { ConfigMap, ConfigValue } from '../component-config.ts'
import type { ConfigMistake } from '../config-mistake.ts'
import { isList, isMap } from '../overlay-shapes.ts'
import { componentMistakes } from './component-mistakes.ts'
import { pipelineMistakes } from './pipeline-mistakes.ts'

/**
 * Takes a configuration, the user’s pieces laid over it, gives what is wrong with it, as far as that can be known without the
 * collector: shapes, ids, references between pieces, their order, endpoints, secrets written out.
 */
export function collectorConfigMistakes(config: ConfigMap): ConfigMistake[] {
  const shapes = [...sectionMistakes(config), ...serviceMistakes(config['service'])]
  if (shapes.length > 0) return shapes
  return [...componentMistakes(config), ...pipelineMistakes(config)]
}

const SECTIONS = ['receivers', 'processors', 'exporters', 'extensions', 'connectors']

function sectionMistakes(config: ConfigMap): ConfigMistake[] {
  return Object.entries(config).flatMap(([key, value]): ConfigMistake[] => {
    if (key === 'service') return []
    if (!SECTIONS.includes(key)) return [{ path: key, value, rule: `is none of ${SECTIONS.join(', ')}, service` }]
    if (!isMap(value)) return [{ path: key, value, rule: 'must be a map from ids to settings' }]
    return Object.entries(value)
      .filter(([, settings]) => settings !== null && !isMap(settings))
      .map(([id, settings]) => ({
        path: `${key}.${id}`,
        value: settings,
        rule: 'must be a map of settings, or nothing',
      }))
  })
}

function serviceMistakes(service: ConfigValue | undefined): ConfigMistake[] {
  if (!isMap(service)) return [{ path: 'service', value: service, rule: 'must be a map with pipelines' }]
  const { extensions = [], pipelines } = service
  const ids = isIds(extensions) ? [] : [{ path: 'service.extensions', value: extensions, rule: MUST_BE_IDS }]
  if (!isMap(pipelines) || Object.keys(pipelines).length === 0) {
    return [...ids, { path: 'service.pipelines', value: pipelines, rule: 'must be a map with at least one pipeline' }]
  }
  return [...ids, ...Object.entries(pipelines).flatMap(([id, pipeline]) => shapeOfPipeline(id, pipeline))]
}

const MUST_BE_IDS = 'must be a list of ids'

function shapeOfPipeline(id: string, pipeline: ConfigValue): ConfigMistake[] {
  const path = `service.pipelines.${id}`
  if (!/^(traces|metrics|logs|profiles)(\/.+)?$/.test(id)) {
    return [
      {
        path,
        value: id,
        rule: 'must be named traces, metrics, logs or profiles, with a name after / if there are several',
      },
    ]
  }
  if (!isMap(pipeline)) return [{ path, value: pipeline, rule: 'must be a map of receivers, processors and exporters' }]
  return Object.entries(pipeline).flatMap(([key, value]) => {
    if (!['receivers', 'processors', 'exporters'].includes(key)) {
      return [{ path: `${path}.${key}`, value, rule: 'is none of receivers, processors, exporters' }]
    }
    return isIds(value) ? [] : [{ path: `${path}.${key}`, value, rule: MUST_BE_IDS }]
  })
}

function isIds(value: ConfigValue): boolean {
  return isList(value) && value.every((id) => typeof id === 'string')
}
