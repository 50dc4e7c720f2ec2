import { join } from 'node:path'
import { expect, test } from 'vitest'
import { configYaml } from '../../../src/install/config-yaml.ts'
import { type JaegerConfig, jaegerConfig } from '../../../src/install/jaeger/jaeger-config.ts'
import { DEFAULT_JAEGER_SETTINGS } from '../../../src/install/jaeger/jaeger-settings.ts'
import { GOLDEN_JAEGERS } from './golden-settings.ts'

test.each(Object.entries(GOLDEN_JAEGERS))('%s gives its file', async (name, settings) => {
  const config = jaegerConfig(settings) as JaegerConfig
  await expect(configYaml(config)).toMatchFileSnapshot(join(import.meta.dirname, 'golden', `${name}.yaml`))
})

test('there is none where spans go to a backend of the user’s own', () => {
  expect(jaegerConfig({ ...DEFAULT_JAEGER_SETTINGS, storage: { kind: 'none' } })).toBeUndefined()
})
