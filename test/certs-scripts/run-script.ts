import { execFile, execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../source-files.ts'

export interface ScriptRun {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** The strictest shell of the machine: dash takes nothing that is not POSIX. */
export const SHELL = hasDash() ? 'dash' : 'sh'

export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

/** Runs one of certs-scripts/ and gives how it ended. */
export function runScript(
  script: string,
  words: readonly string[],
  { env = {}, cwd = root }: Surroundings = {},
): Promise<ScriptRun> {
  const all = [join(root, 'certs-scripts', script), ...words]
  return new Promise((resolve) => {
    execFile(SHELL, all, { cwd, env: { PATH: process.env['PATH'] ?? '', ...env } }, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code ?? -1)
      resolve({ code, stdout, stderr })
    })
  })
}

/** Writes a command `linkerd-tracing` that runs the sources, and gives its path. */
export async function linkerdTracingCommand(folder: string): Promise<string> {
  const command = join(folder, 'linkerd-tracing')
  const text = `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'src/main.ts')}' "$@"\n`
  await writeFile(command, text, { mode: 0o755 })
  return command
}

function hasDash(): boolean {
  try {
    execFileSync('dash', ['-c', ':'])
    return true
  } catch {
    return false
  }
}
