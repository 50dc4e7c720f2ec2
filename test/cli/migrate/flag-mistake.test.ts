import { expect, test } from 'vitest'
import { runInProcess } from '../cli-run.ts'

test.each<[string, RegExp]>([
  ['--apply --restore before.json', /^error: --apply and --restore exclude each other\n$/],
  ['--restart', /^error: --restart says how to --apply, which is not said\n$/],
  ['--remove-jaeger --restore before.json --yes', /^error: --remove-jaeger says how to --apply, which is not said\n$/],
  ['--backup before.json', /^error: --backup says how to --apply, which is not said\n$/],
  ['--yes', /^error: --yes goes with --apply or --restore; without them nothing is changed\n$/],
  ['--dry-run', /^error: --dry-run goes with --apply or --restore; without them nothing is changed\n$/],
  ['--apply -o json', /^error: -o json asks nobody: --yes does it, --dry-run shows what would be\n$/],
  ['--timeout soon', /^error: --timeout soon is no duration such as 10m, 90s or 0s\n$/],
])('migrate %s: refused before the cluster is asked', async (words, said) => {
  const ran = runInProcess(['migrate', ...words.split(' '), '--kubeconfig', '/nowhere'])
  expect(await ran.returned).toBe(1)
  expect(ran.stderr()).toMatch(said)
})
