import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** A mirror that hangs would hold the tests up for ever. */
const LIMIT_MS = 600_000
/** Lists of many packages. */
const MAX_OUTPUT = 64 * 1024 * 1024

/** Runs a program of apt or dpkg, gives what it printed. Throws with one sentence, its last line of errors in it. */
export async function runApt(program: string, args: readonly string[], cwd?: string): Promise<string> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }
  try {
    const options = { env, timeout: LIMIT_MS, maxBuffer: MAX_OUTPUT, ...(cwd !== undefined && { cwd }) }
    return (await promisify(execFile)(program, args, options)).stdout
  } catch (error) {
    const { code, stderr = '' } = error as { code?: unknown; stderr?: string }
    if (code === 'ENOENT') throw new Error(`there is no ${program} here`)
    const said = stderr.trim().split('\n').at(-1) ?? ''
    throw new Error(`${program} ${args.find((arg) => !arg.startsWith('-'))} failed: ${said}`, { cause: error })
  }
}
