import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { InstallSettings } from '../../src/injection/install-settings.ts'
import type { NamespaceMeta } from '../../src/injection/pod-request.ts'
import { caseNames, type GoldenCase, readCase, reviewOf, settingsOfCase } from '../golden-harness/case-folder.ts'

/** A review that an API server may send, with what is known when it comes. */
export interface SeedReview {
  readonly name: string
  readonly review: object
  readonly namespace: NamespaceMeta | undefined
  readonly settings: InstallSettings
}

const FIXTURES = join(import.meta.dirname, '../fixtures/payloads')

export interface SeedReviews {
  readonly recorded: readonly SeedReview[]
  /** Each golden Pod with its Namespace and its settings. */
  readonly golden: readonly SeedReview[]
  /** The same Pods as they are once they are patched. */
  readonly patched: readonly SeedReview[]
}

/** Reads all that mutated reviews are made from. */
export function readSeedReviews(): SeedReviews {
  const defaults = settingsOfCase({ flags: {}, discovered: {} })
  const recorded = readdirSync(FIXTURES).map((file) => ({
    name: file,
    review: JSON.parse(readFileSync(join(FIXTURES, file), 'utf8')) as object,
    namespace: undefined,
    settings: defaults,
  }))
  const cases = caseNames().map(readCase)
  const golden = cases.map((one) => seedOf(one, one.pod))
  const patched = cases.flatMap((one) => {
    const file = join(one.folder, 'patched.yaml')
    return existsSync(file) ? [seedOf(one, parse(readFileSync(file, 'utf8')))] : []
  })
  return { recorded, golden, patched }
}

function seedOf(golden: GoldenCase, pod: unknown): SeedReview {
  const { name, namespace, overrides } = golden
  return { name, namespace, review: reviewOf(pod, overrides), settings: settingsOfCase(golden) }
}
