import { join } from 'node:path'
import { expect, test } from 'vitest'
import { collectorConfig } from '../../../src/install/collector/collector-config.ts'
import { configYaml } from '../../../src/install/config-yaml.ts'
import { GOLDEN_COLLECTORS } from './golden-settings.ts'

const GOLDEN = join(import.meta.dirname, 'golden')

test.each(Object.entries(GOLDEN_COLLECTORS))('%s gives its file', async (name, settings) => {
  await expect(configYaml(collectorConfig(settings))).toMatchFileSnapshot(join(GOLDEN, `${name}.yaml`))
})
