import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { join } from 'node:path'
import type { GoModule } from './go-module.ts'

const ENVIRONMENT = { CGO_ENABLED: '0', GOFLAGS: '-mod=readonly -buildvcs=false', GOWORK: 'off' }

/** All that decides what a module's programs are: built programs are kept under the hash of this text. */
export function buildRecipe(module: GoModule): string {
  const read = (name: string) => readFileSync(join(module.folder, name), 'utf8')
  const files = readdirSync(module.folder, { recursive: true, encoding: 'utf8' })
  const sources = files.filter((name) => name.endsWith('.go'))
  const texts = ['go.mod', 'go.sum', ...sources.toSorted()].map(read)
  const facts = [process.platform, process.arch, argumentsOf(module), ENVIRONMENT, module.packages, ...texts]
  return JSON.stringify(facts)
}

/** Builds one program into `file`; go's own output goes to stderr. Throws when there is no Go, or when go fails. */
export async function goBuild(module: GoModule, program: string, file: string): Promise<void> {
  const child = spawn('go', [...argumentsOf(module), '-o', file, module.packages[program] ?? program], {
    cwd: module.folder,
    env: { ...process.env, ...ENVIRONMENT },
    stdio: ['ignore', 2, 2],
  })
  // Minutes of compiling: whoever else works on the machine goes first.
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL)
  const code = await new Promise<number | string>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'ENOENT' ? noGo(module) : error))
    child.once('exit', (status, signal) => resolve(status ?? signal ?? 'unknown'))
  })
  if (code !== 0) throw new Error(`go build of ${program} ended with ${code}; what go said is above.`)
}

function argumentsOf({ linkerFlags }: GoModule): string[] {
  return ['build', '-trimpath', '-ldflags', ['-s -w', linkerFlags].filter(Boolean).join(' ')]
}

function noGo({ what, folder, withoutGo = '' }: GoModule): Error {
  const needed = /^go (\d+\.\d+)/m.exec(readFileSync(join(folder, 'go.mod'), 'utf8'))?.[1] ?? ''
  return new Error(
    `${what} are built with Go ${needed} or newer, and there is no \`go\` on the PATH: ` +
      `install it (https://go.dev/dl)${withoutGo}.`,
  )
}
