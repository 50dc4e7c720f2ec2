// Pieces of one's own in the collector's configuration: checked before anything is printed, so before anything is applied.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import type { Raw } from '../../injection/samples.ts'
import { newFolder, runInProcess } from '../cli-run.ts'

async function installWith(pieces: string) {
  const folder = await newFolder()
  const file = join(folder, 'values.yaml')
  await writeFile(file, pieces)
  const run = runInProcess(['install', '--policy', 'on', '-f', file], { HOME: folder })
  return { code: await run.returned, stdout: run.stdout(), stderr: run.stderr() }
}

test('they are in the ConfigMap that is printed', async () => {
  const pieces = '{collector: {config: {processors: {batch: {timeout: 5s}}}}}'
  const { code, stdout } = await installWith(pieces)
  expect(code).toBe(0)
  const objects = parseAllDocuments(stdout).map((document) => document.toJS() as Raw)
  const map = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'linkerd-collector-config')
  expect(parse(map?.data['config.yaml']).processors.batch).toMatchObject({ timeout: '5s', send_batch_size: 512 })
})

test.each([
  ['{processors: {batch: 5}}', 'processors.batch = 5: must be a map, as what is there'],
  [
    '{service: {pipelines: {traces: {exporters: {$append: [debug]}}}}}',
    'service.pipelines.traces.exporters[1] = "debug": is not defined; exporters are otlp_grpc/jaeger',
  ],
])('%s: nothing is printed but what is wrong', async (pieces, mistake) => {
  const { code, stdout, stderr } = await installWith(`collector: {config: ${pieces}}`)
  expect(code).not.toBe(0)
  expect(stdout).toBe('')
  expect(stderr).toContain(mistake)
})
