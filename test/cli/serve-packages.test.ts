// What `serve` loads before it is ready decides how fast it is that (docs/benchmarks.md, "Start of the program").
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { newFolder, spawnServe } from './cli-run.ts'

test('standalone with a certificate, serve loads four of our packages; a parser of YAML and clients are for whoever needs them', async () => {
  const made = await spawnServe([])
  made.child.kill('SIGKILL')
  const folder = await newFolder()
  const certDir = join(folder, 'certs')
  cpSync(made.certDir, certDir, { recursive: true })
  const record = pathToFileURL(join(import.meta.dirname, 'record-packages.mjs'))
  const list = join(folder, 'packages')
  record.searchParams.set('to', list)
  const server = await spawnServe(['--cert-dir', certDir], ['--import', record.href])
  server.child.kill('SIGKILL')
  expect(server.stdout()).toContain('"origin":"reused"')
  const loaded = new Set(readFileSync(list, 'utf8').split('\n'))
  const ours = Object.keys(manifest.dependencies).filter((name) => loaded.has(name))
  expect(ours).toEqual(['commander', 'fastify', 'pino', 'prom-client'])
})
