import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'

export interface ProgramAnswer {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end, with `stdin`; gives its exit code and what it printed. Rejects when there is no such program. */
export async function runProgram(file: string, args: readonly string[], stdin = ''): Promise<ProgramAnswer> {
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.on('error', () => {}) // it ended before it read: its exit code tells
  child.stdin.end(stdin)
  const closed = new Promise<number | null>((resolve, reject) => child.once('close', resolve).once('error', reject))
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), closed])
  return { code, stdout, stderr }
}
