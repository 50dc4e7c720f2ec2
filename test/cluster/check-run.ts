import { expect } from 'vitest'
import { runInProcess } from '../cli/cli-run.ts'
import type { ClusterAccess } from './cluster-access.ts'

/** What `check -o json` said. */
export interface CheckSaid {
  readonly code: number
  /** The lines that are fine, by description. */
  readonly fine: readonly string[]
  /** All others: `error: what is the matter`, or `warning: …`, by description. */
  readonly told: Readonly<Record<string, string>>
  /** The same of each category. */
  readonly toldBy: Readonly<Record<string, Readonly<Record<string, string>>>>
}

interface Line {
  readonly description: string
  readonly result: string
  readonly error?: string
}

/** What is said of Deployments and Pods: most tests have none of them, and run the injector as a process. */
const WHAT_RUNS = /^linkerd-tracing-(components|policy|span|proxies)$/

/**
 * Runs `check` against the cluster, without waiting for anything unless told to. Gives what it says of all but the Deployments
 * and Pods, with the exit code that this would have.
 */
export async function check(cluster: ClusterAccess, ...words: string[]): Promise<CheckSaid> {
  const run = runInProcess(['check', '--kubeconfig', cluster.kubeconfig, '--wait=0s', '-o', 'json', ...words])
  const whole = await run.returned
  const said = JSON.parse(run.stdout()) as { categories: { categoryName: string; checks: Line[] }[] }
  const codeOf = (lines: readonly Line[]) => (lines.some(({ result }) => result === 'error') ? 1 : 0)
  expect(whole).toBe(codeOf(said.categories.flatMap(({ checks }) => checks)))
  const categories = said.categories.filter(({ categoryName }) => !WHAT_RUNS.test(categoryName))
  const lines = categories.flatMap(({ checks }) => checks)
  return {
    code: codeOf(lines),
    fine: lines.filter(isFine).map(({ description }) => description),
    told: toldOf(lines),
    toldBy: Object.fromEntries(categories.map(({ categoryName, checks }) => [categoryName, toldOf(checks)])),
  }
}

function isFine({ result }: Line): boolean {
  return result === 'success'
}

function toldOf(lines: readonly Line[]): Record<string, string> {
  const others = lines.filter((line) => !isFine(line))
  return Object.fromEntries(others.map(({ description, result, error }) => [description, `${result}: ${error}`]))
}
