import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { inject } from './inject-streams.ts'

// A case is a folder: input.yaml or input.json, what comes out on stdout, and report.txt with the exit code and
// stderr. UPDATE_GOLDEN=1 writes the last two; read them before committing.
const directory = join(import.meta.dirname, 'cases')

describe.each(readdirSync(directory))('inject case %s', (name) => {
  const extension = existsSync(join(directory, name, 'input.json')) ? 'json' : 'yaml'
  const file = (part: string) => join(directory, name, part)
  const input = readFileSync(file(`input.${extension}`), 'utf8')

  test('prints what is expected', async () => {
    const run = await inject({}, input)
    const report = `exit code ${run.code}\n${run.stderr}`
    if (process.env['UPDATE_GOLDEN'] !== undefined) {
      writeFileSync(file(`output.${extension}`), run.stdout)
      writeFileSync(file('report.txt'), report)
    }
    expect(run.stdout).toBe(readFileSync(file(`output.${extension}`), 'utf8'))
    expect(report).toBe(readFileSync(file('report.txt'), 'utf8'))
  })

  test('gives its own output back to the byte', async () => {
    const output = readFileSync(file(`output.${extension}`), 'utf8')
    expect((await inject({}, output)).stdout).toBe(output)
  })

  test('has no file that no test reads', () => {
    expect(readdirSync(join(directory, name)).sort()).toEqual(
      [`input.${extension}`, `output.${extension}`, 'report.txt'].sort(),
    )
  })
})
