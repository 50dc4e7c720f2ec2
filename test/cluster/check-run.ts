import { runInProcess } from '../cli/cli-run.ts'
import type { ClusterAccess } from './cluster-access.ts'

/** What `check -o json` said. */
export interface CheckSaid {
  readonly code: number
  /** The lines that are fine, by description. */
  readonly fine: readonly string[]
  /** All others: `error: what is the matter`, or `warning: …`, by description. */
  readonly told: Readonly<Record<string, string>>
}

interface Line {
  readonly description: string
  readonly result: string
  readonly error?: string
}

/** Runs `check` against the cluster, without waiting for anything unless told to. */
export async function check(cluster: ClusterAccess, ...words: string[]): Promise<CheckSaid> {
  const run = runInProcess(['check', '--kubeconfig', cluster.kubeconfig, '--wait=0s', '-o', 'json', ...words])
  const code = await run.returned
  const { categories } = JSON.parse(run.stdout()) as { categories: { checks: Line[] }[] }
  const lines = categories.flatMap(({ checks }) => checks)
  const isFine = ({ result }: Line) => result === 'success'
  return {
    code,
    fine: lines.filter(isFine).map(({ description }) => description),
    told: Object.fromEntries(
      lines
        .filter((line) => !isFine(line))
        .map(({ description, result, error }) => [description, `${result}: ${error}`]),
    ),
  }
}
