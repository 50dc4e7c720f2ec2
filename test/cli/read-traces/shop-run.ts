import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Trace } from '../../../src/spans/span.ts'
import { shopTraces } from '../../traces/shop-traces.ts'
import { runInProcess } from '../cli-run.ts'
import type { ServedJaeger } from './served-jaeger.ts'
import { serveTraces } from './served-traces.ts'

/** Ten minutes from 10:00 on, with the control plane, errors, retries and a service without proxy. */
export const SHOP = shopTraces({ spans: 3_000 }).traces
/** All of them. */
export const TIME = ['--since', '2026-11-28T09:59:00Z', '--until', '2026-11-28T10:15:00Z']

export interface ShopRun {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** What Jaeger was asked. */
  readonly asked: ServedJaeger['asked']
}

/** Runs a command that reads traces, with these words, beside a server that has the shop’s traces, or others. */
export async function runOnShop(
  words: readonly string[],
  { traces = SHOP, searchesAll = true }: { readonly traces?: readonly Trace[]; readonly searchesAll?: boolean } = {},
): Promise<ShopRun> {
  const served = await serveTraces(traces, { searchesAll })
  try {
    const [command = '', ...more] = words
    const run = runInProcess([command, ...TIME, '--jaeger-url', served.url, ...more])
    return { code: await run.returned, stdout: run.stdout(), stderr: run.stderr(), asked: served.asked }
  } finally {
    served.close()
  }
}

/** Compares with a file; with UPDATE_GOLDEN=1 writes it. */
export function expectGolden(folder: string, name: string, text: string): void {
  const file = join(folder, 'golden', name)
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text)
  expect(text).toBe(readFileSync(file, 'utf8'))
}
