import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildRecipe } from './go-build.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'linkerd-tracing-go-'))
  mkdirSync(join(folder, 'load'))
  for (const name of ['go.mod', 'go.sum', 'tools.go', 'load/main.go']) writeFileSync(join(folder, name), name)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const recipe = () => buildRecipe({ what: 'Programs', folder, packages: { load: './load' } })

test.each(['go.mod', 'go.sum', 'tools.go', 'load/main.go'])('a change of %s has programs built anew', (name) => {
  const before = recipe()
  writeFileSync(join(folder, name), 'changed')
  expect(recipe()).not.toBe(before)
})

test('what is no source of theirs does not', () => {
  const before = recipe()
  writeFileSync(join(folder, 'README.md'), 'changed')
  expect(recipe()).toBe(before)
})
