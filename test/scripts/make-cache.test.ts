import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Script } from 'node:vm'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const MAKE_CACHE = join(import.meta.dirname, '../../scripts/executable/make-cache.mjs')

/** A program that does in `serve` what is given; gives its text and where its cache is made. */
function programThat(serves: string) {
  const folder = mkdtempSync(join(tmpdir(), 'linkerd-tracing-cache-test-'))
  const [program, cache] = [join(folder, 'program.cjs'), join(folder, 'program.cache')]
  const large = `function large() { return [${'{ some: "thing" },'.repeat(2_000)}] }`
  const text = `(function (exports) { ${large}
    exports.runProgram = async (words, { stdout, stderr, signals }) => { ${serves} } })`
  writeFileSync(program, text)
  return { text, cache, made: () => run(process.execPath, [MAKE_CACHE, program, cache]) }
}

test('the cache has what `serve` has called until it served, and V8 takes it', async () => {
  const { text, cache, made } = programThat(`
    large()
    stdout.write('{"msg":"serving"}\\n')
    await new Promise((resolve) => signals.on('SIGTERM', resolve))`)
  await made()
  const cachedData = readFileSync(cache)
  expect(new Script(text, { filename: 'program.cjs', cachedData }).cachedDataRejected).toBe(false)
  // What was called is a large part of it.
  expect(cachedData.length).toBeGreaterThan(2 * new Script(text).createCachedData().length)
})

test('a program that cannot serve is no program to release', async () => {
  const { cache, made } = programThat(`stderr.write('no port is free')`)
  await expect(made()).rejects.toMatchObject({
    stderr: expect.stringContaining('serve ended at once: no port is free'),
  })
  expect(existsSync(cache)).toBe(false)
})
