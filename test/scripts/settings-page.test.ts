import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { settingsPage } from '../../scripts/settings-page.ts'
import { reviewOf, type SamplePod } from '../../src/cli/try-review.ts'
import { addSettingOptions } from '../../src/config/commander-options.ts'
import { variableOf } from '../../src/config/setting.ts'
import { settingsOf } from '../../src/config/settings-of.ts'
import { SETTINGS } from '../../src/config/settings-table.ts'

const fileOf = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8')

test('docs/settings.md is what the table says (npm run docs)', async () => {
  expect(await fileOf('docs/settings.md')).toBe(settingsPage())
})

test('the page has a row for every setting, with flag and variable', () => {
  for (const { flag } of SETTINGS) {
    expect(settingsPage()).toMatch(new RegExp(`^\\| \`--${flag}\`.* \\| \`${variableOf(flag)}\` \\|`, 'm'))
  }
})

test('no row has more cells than the table', () => {
  const rows = settingsPage()
    .split('\n')
    .filter((line) => line.startsWith('| `'))
  for (const row of rows) expect(row.split(/(?<!\\)\|/)).toHaveLength(7)
})

test('the sample review is the sample Pod (npm run docs)', async () => {
  const pod = parse(await fileOf('samples/web.yaml')) as SamplePod
  const review = JSON.parse(await fileOf('samples/review.json')) as { request: { uid: string } }
  expect(review).toEqual(reviewOf(pod, review.request.uid))
})

test.each(['serve', 'inject', 'try', 'bridge'] as const)(
  '--help of %s shows each of its settings, with default and variable',
  (name) => {
    const help = addSettingOptions(new Command(name), name).configureHelp({ helpWidth: 10_000 }).helpInformation()
    for (const setting of settingsOf(name)) {
      const shown = setting.shownDefault ?? setting.default
      expect(help).toContain(`--${setting.flag} `)
      expect(help).toContain(`(default: ${shown}; variable: ${variableOf(setting.flag)})`)
    }
    expect(help.match(/variable: /g)).toHaveLength(settingsOf(name).length)
  },
)

test('flags come as text: a boolean may stand alone, all others need a value', () => {
  const parsed = (...words: string[]) =>
    addSettingOptions(new Command(), 'serve')
      .exitOverride()
      .configureOutput({ writeErr: () => {} })
      .parse(words, { from: 'user' })
      .opts()
  expect(parsed()).toEqual({})
  expect(parsed('--all-namespaces', '--control-plane', 'false', '-L', 'l5d')).toEqual({
    allNamespaces: true,
    controlPlane: 'false',
    linkerdNamespace: 'l5d',
  })
  expect(parsed('--collector-address', '')).toEqual({ collectorAddress: '' })
  expect(() => parsed('--port')).toThrowError(/argument missing/)
})
