// What becomes of each link is a pure function of what was found: a case is a change to what is found where all is well, and
// the table that is printed of it. UPDATE_GOLDEN=1 writes the tables anew.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fastJsonPatch, { type Operation } from 'fast-json-patch'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { ExplainFacts } from '../../../src/cli/explain/facts.ts'
import { firstBroken, judgeLinks, LINKS } from '../../../src/cli/explain/links.ts'
import { printExplanation } from '../../../src/cli/explain/print-explanation.ts'

const FOLDER = join(import.meta.dirname, 'cases')
const read = (path: string) => readFileSync(path, 'utf8')
const base = parse(read(join(import.meta.dirname, 'base.yaml'))) as ExplainFacts

interface Case {
  /** The first broken link; null: none is. */
  readonly broken: string | null
  readonly change: Operation[]
}

const cases = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => ({ name: name.slice(0, -'.yaml'.length), ...(parse(read(join(FOLDER, name))) as Case) }))

function explain(change: Operation[]) {
  const facts = fastJsonPatch.applyPatch(structuredClone(base), change, true).newDocument
  const links = judgeLinks(facts)
  const explanation = { namespace: facts.podNamespace, pod: 'web-7d4b9c-x2x4x', others: 0, links }
  return { links, table: printExplanation(explanation, { output: 'table', hasColour: false }) }
}

describe('explain', () => {
  test.each(cases)('$name', ({ name, broken, change }) => {
    const { links, table } = explain(change)
    expect(firstBroken(links)?.name ?? null).toBe(broken)
    const file = join(FOLDER, `${name}.txt`)
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, table)
    expect(table).toBe(read(file))
  })

  test('every link is the first broken one of some case', () => {
    const broken = new Set(cases.flatMap((one) => one.broken ?? []))
    expect(LINKS.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([])
  })

  test('no case is without its table, and no table without its case', () => {
    const tables = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'))
    expect(tables).toEqual(cases.map(({ name }) => `${name}.txt`))
  })
})
