// The forge's files cannot be run here; what in them must agree with the rest of the repository can be held.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import manifest from '../../package.json' with { type: 'json' }
import { IMAGES } from '../../src/install/values/images.ts'
import { root } from '../source-files.ts'
import { parseDockerfile } from './dockerfile.ts'

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>
  readonly jobs: Readonly<Record<string, { readonly uses?: string; readonly steps?: readonly Step[] }>>
}

const read = (name: string) => parse(readFileSync(join(root, '.github/workflows', name), 'utf8')) as Workflow
const workflows = { 'ci.yml': read('ci.yml'), 'release.yml': read('release.yml') }
const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps = [] }) => steps)
const release = stepsOf(workflows['release.yml'])
const scripts = release.map(({ run = '' }) => run).join('\n')

describe.each(Object.entries(workflows))('%s', (_name, workflow) => {
  test('actions are named by an exact version', () => {
    const used = stepsOf(workflow).flatMap(({ uses }) => uses ?? [])
    expect(used.length).toBeGreaterThan(0)
    expect(used.filter((action) => !/^[\w-]+\/[\w-]+@v\d+\.\d+\.\d+$/.test(action))).toEqual([])
  })

  test('may read, and nothing else, where a job does not say so', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' })
  })

  test('runs files and npm scripts that exist', () => {
    const text = stepsOf(workflow)
      .map(({ run = '' }) => run)
      .join('\n')
    const files = text.match(/\bscripts\/[\w.-]+|\.ci\/\w+/g) ?? []
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([])
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name)
    expect(named.filter((name) => !(name in manifest.scripts))).toEqual([])
  })
})

test('ci.yml runs what runs everywhere, and a release waits for it', () => {
  expect(stepsOf(workflows['ci.yml']).map(({ run }) => run)).toContain('.ci/run')
  expect(workflows['release.yml'].jobs['ci']?.uses).toBe('./.github/workflows/ci.yml')
})

test('the image is for amd64 and arm64, with SBOM and provenance, and is the one that install names', () => {
  const build = release.find(({ uses }) => uses?.startsWith('docker/build-push-action@'))
  expect(build?.with).toMatchObject({ platforms: 'linux/amd64,linux/arm64', sbom: true, provenance: 'mode=max' })
  const { env } = workflows['release.yml'] as unknown as { env: { IMAGE: string } }
  expect(IMAGES.own).toBe(`${env.IMAGE}:${manifest.version}`)
})

test('base images are found in the Dockerfile, and installed ones in the table', () => {
  const lines = readFileSync(join(root, 'Dockerfile'), 'utf8')
  for (const [index, name] of ['BUILD_IMAGE', 'RUNTIME_IMAGE'].entries()) {
    expect(scripts).toContain('sed -n "s/^ARG $name=//p" Dockerfile')
    expect(lines.match(new RegExp(`^ARG ${name}=(.+)$`, 'm'))?.[1]).toBe(parseDockerfile(lines)[index]?.image)
  }
  const [, script = ''] = /node -p '([^']+)' "\$name"/.exec(scripts) ?? []
  for (const name of ['collector', 'jaeger'] as const) {
    const found = execFileSync(process.execPath, ['-p', script, name], { cwd: root, encoding: 'utf8' })
    expect(found.trim()).toBe(IMAGES[name].replace(/@sha256.*/, ''))
  }
})

test('what is signed is signed by the workflow, without a key', () => {
  expect(scripts).toMatch(/cosign sign --yes --recursive "\$IMAGE@\$DIGEST"/)
  expect(scripts).toMatch(/cosign sign-blob --yes --bundle/)
})
