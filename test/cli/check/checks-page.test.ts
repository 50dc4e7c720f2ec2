import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CATEGORIES, PRE_CATEGORIES } from '../../../src/cli/check/categories.ts'
import { HINTS } from '../../../src/cli/check/hints.ts'
import { INSTALLED_KINDS } from '../../../src/cli/check/pre-install.ts'
import { injectorManifests } from '../../../src/install/injector-manifests.ts'
import { LAYOUTS } from '../../install/layouts.ts'
import { root } from '../../source-files.ts'

const page = readFileSync(join(root, HINTS.replace('#', '')), 'utf8')
const all = [...CATEGORIES, ...PRE_CATEGORIES]

/** As GitHub makes anchors of headings. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')

interface Section {
  readonly category: string
  readonly anchor: string
}

function sections(): Section[] {
  let category = ''
  return page.split('\n').flatMap((line) => {
    if (line.startsWith('## ')) category = line.slice(3)
    return line.startsWith('### ') ? [{ category, anchor: anchorOf(line.slice(4)) }] : []
  })
}

describe('docs/checks.md', () => {
  test('has a section for each check, below its category and in its order; and no other', () => {
    const wanted = all.flatMap(({ name, checks }) => checks.map(({ hint }) => ({ category: name, anchor: hint })))
    // Made without a context: what is needed to have one.
    const client = { category: 'kubernetes-api', anchor: 'can-initialize-the-client' }
    const once = [client, ...wanted].filter(
      (one, index, list) => list.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === index,
    )
    expect(sections()).toEqual(once)
  })

  test('no check says the same as another, and each section says something', () => {
    for (const { checks } of all) {
      const descriptions = checks.map(({ description }) => description)
      expect(new Set(descriptions).size).toBe(descriptions.length)
    }
    const bodies = page.split(/^### .*$/m).slice(1)
    expect(bodies.map((body) => body.split(/^## /m)[0]?.trim()).filter((body) => (body?.length ?? 0) < 60)).toEqual([])
  })
})

test('--pre asks for the right to each kind that an installation creates', () => {
  const created = LAYOUTS.flatMap(({ layout }) => injectorManifests(layout).map(({ kind }) => String(kind)))
  // cert-manager's own are not there before cert-manager is.
  const kinds = [...new Set(created)].filter((kind) => !['Certificate', 'Issuer'].includes(kind))
  expect(kinds.filter((kind) => !INSTALLED_KINDS.some((one) => one.kind === kind))).toEqual([])
})
