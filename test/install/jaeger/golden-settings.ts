import {
  BADGER_STORAGE,
  DEFAULT_JAEGER_SETTINGS,
  type JaegerSettings,
} from '../../../src/install/jaeger/jaeger-settings.ts'

/** Settings whose configuration is a file of this folder’s `golden/`. */
export const GOLDEN_JAEGERS: Readonly<Record<string, JaegerSettings>> = {
  memory: DEFAULT_JAEGER_SETTINGS,
  badger: { ...DEFAULT_JAEGER_SETTINGS, storage: BADGER_STORAGE },
  'at-the-root': { ...DEFAULT_JAEGER_SETTINGS, basePath: '' },
}
