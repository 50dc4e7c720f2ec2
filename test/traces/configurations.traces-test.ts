// What the typed configurations give is taken by the programs that they are for: `otelcol validate`, `jaeger validate`.
import { execFile } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { collectorConfig } from '../../src/install/collector/collector-config.ts'
import { type CollectorSettings, DEFAULT_COLLECTOR_SETTINGS } from '../../src/install/collector/collector-settings.ts'
import { DEFAULT_REDACTION } from '../../src/install/collector/redaction-settings.ts'
import { configYaml } from '../../src/install/config-yaml.ts'
import { startTraceRun, type TraceRun } from './processes/trace-run.ts'

let run: TraceRun
beforeAll(async () => {
  run = await startTraceRun()
})
afterAll(() => run?.stop())

const execute = promisify(execFile)

/** Gives what the program says against a file: nothing when it takes it. */
async function complaint(program: string, file: string): Promise<string> {
  // Header values are looked up when the configuration is read.
  const env = { ...process.env, BACKEND_VENDOR_HEADER_X_API_KEY: 'key', BACKEND_VENDOR_HEADER_X_DATASET: 'set' }
  return execute(program, ['validate', '--config', file], { env }).then(
    () => '',
    (error: { stderr: string; stdout: string }) => `${error.stderr}${error.stdout}`,
  )
}

function written(text: string): string {
  const file = join(run.folder, 'validated.yaml')
  writeFileSync(file, text)
  return file
}

// Beside the golden ones.
const COLLECTORS: Readonly<Record<string, Partial<CollectorSettings>>> = {
  'no words of secrets': { redaction: { ...DEFAULT_REDACTION, secretNames: [], secretValues: [] } },
  'words of secrets with characters that mean something elsewhere': {
    redaction: { ...DEFAULT_REDACTION, secretNames: ['a$b', 'c(d', 'e.f', '$1', 'g"h'], keptNames: ['$${i}'] },
  },
  'little memory': { memoryMib: 64 },
}

describe('the collector takes', () => {
  test.each(Object.entries(COLLECTORS))('%s', async (_, settings) => {
    const config = collectorConfig({ ...DEFAULT_COLLECTOR_SETTINGS, ...settings })
    expect(await complaint(run.programs.otelcol, written(configYaml(config)))).toBe('')
  })

  test.each(goldenFiles('collector'))('%s', async (name) => {
    expect(await complaint(run.programs.otelcol, join(golden('collector'), name))).toBe('')
  })

  test('not just anything', async () => {
    const config = collectorConfig(DEFAULT_COLLECTOR_SETTINGS)
    const broken = { ...config, processors: { ...config.processors, batch: { timeuot: '1s' } } }
    expect(await complaint(run.programs.otelcol, written(configYaml(broken)))).toContain('timeuot')
  })
})

describe('Jaeger takes', () => {
  test.each(goldenFiles('jaeger'))('%s', async (name) => {
    expect(await complaint(run.programs.jaeger, join(golden('jaeger'), name))).toBe('')
  })

  test('not just anything', async () => {
    expect(await complaint(run.programs.jaeger, written('receivers: {}\n'))).not.toBe('')
  })
})

function golden(part: string): string {
  return join(import.meta.dirname, '..', 'install', part, 'golden')
}

function goldenFiles(part: string): string[] {
  return readdirSync(golden(part)).filter((name) => name.endsWith('.yaml'))
}
