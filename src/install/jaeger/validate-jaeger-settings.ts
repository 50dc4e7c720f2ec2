import type { ConfigMistake } from '../config-mistake.ts'
import type { JaegerSettings, JaegerStorage } from './jaeger-settings.ts'

/** Takes settings, gives those that cannot make a working Jaeger; paths begin with `jaeger`. */
export function jaegerSettingsMistakes({ storage, basePath }: JaegerSettings): ConfigMistake[] {
  const path = /^(\/[A-Za-z0-9._~-]+)*$/.test(basePath)
    ? []
    : [
        {
          path: 'jaeger.basePath',
          value: basePath,
          rule: 'must be empty, or begin with / and not end with it, as /jaeger',
        },
      ]
  return [...path, ...storageMistakes(storage)]
}

function storageMistakes(storage: JaegerStorage): ConfigMistake[] {
  if (storage.kind === 'memory') return positive('jaeger.storage.maxTraces', storage.maxTraces)
  if (storage.kind === 'none') return []
  const { directory, keepHours } = storage
  const absolute = /^(\/[A-Za-z0-9._-]+)+$/.test(directory)
    ? []
    : [{ path: 'jaeger.storage.directory', value: directory, rule: 'must be an absolute path, as /badger' }]
  return [...absolute, ...positive('jaeger.storage.keepHours', keepHours)]
}

function positive(path: string, value: number): ConfigMistake[] {
  return value > 0 && Number.isInteger(value) ? [] : [{ path, value, rule: 'must be a whole number above 0' }]
}
