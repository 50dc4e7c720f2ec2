import { setTimeout as sleep } from 'node:timers/promises'
import { type Memory, type Program, startServe } from '../serve-process.ts'

/** What one start of `serve` took. */
export interface ServeStart {
  readonly readyMs: number
  /** Once it has nothing to do. */
  readonly memory: Memory
}

/** Behind the start come its last tasks (a cache that is written, garbage); what it holds then is what it keeps. */
export const IDLE_MS = 1_500

/** Takes a program and a folder with a certificate, starts `serve` and ends it. Linux only. */
export async function measureServe(program: Program, certDir: string): Promise<ServeStart> {
  const server = await startServe(program, { certDir })
  try {
    await sleep(IDLE_MS)
    return { readyMs: server.readyMs, memory: server.memory() }
  } finally {
    await server.end()
  }
}
