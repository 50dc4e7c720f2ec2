import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { IMAGES, imagesOf } from '../../src/install/values/images.ts'
import { root } from '../source-files.ts'

// A copy of the script, beside a table of its own: it writes into the sources.
const folder = mkdtempSync(join(tmpdir(), 'image-digests-'))
const script = join(folder, 'scripts/image-digests.mjs')
const table = 'src/install/values/image-digests.json'
beforeAll(() => {
  for (const file of ['scripts/image-digests.mjs', table]) cpSync(join(root, file), join(folder, file))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const fill = (...words: string[]) => promisify(execFile)(process.execPath, [script, ...words])
const filled = () => JSON.parse(readFileSync(join(folder, table), 'utf8')) as Record<string, string>
const digest = (digit: string) => `sha256:${digit.repeat(64)}`

test('digests are filled in one after the other, and images are named by tag and digest', async () => {
  await fill(`collector=${digest('a')}`)
  await fill(`own=${digest('b')}`)
  expect(filled()).toEqual({ collector: digest('a'), own: digest('b') })
  expect(imagesOf(filled())).toEqual({
    own: `${IMAGES.own}@${digest('b')}`,
    collector: `${IMAGES.collector}@${digest('a')}`,
    jaeger: IMAGES.jaeger,
  })
})

test.each([`bridge=${digest('a')}`, 'own=sha256:12', 'own'])('%s is refused, and the table stays', async (word) => {
  const before = filled()
  const failed = await fill(word).catch((error: unknown) => error)
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining(`${word}: must be one of own, collector`) })
  expect(filled()).toEqual(before)
})
