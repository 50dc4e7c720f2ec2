import { BADGER_STORAGE, type JaegerSettings, type JaegerStorage } from '../jaeger/jaeger-settings.ts'
import type { InstallValues } from './values-schema.ts'

/** Takes the values, gives what Jaeger's configuration is made of. */
export function jaegerSettingsOf({ jaeger }: InstallValues): JaegerSettings {
  return { storage: storageOf(jaeger), basePath: jaeger.basePath }
}

function storageOf({ storage, maxTraces, keepHours }: InstallValues['jaeger']): JaegerStorage {
  if (storage === 'memory') return { kind: storage, maxTraces }
  return storage === 'badger'
    ? { ...BADGER_STORAGE, kind: storage, directory: BADGER_DIRECTORY, keepHours }
    : { kind: storage }
}

const BADGER_DIRECTORY = '/badger'
