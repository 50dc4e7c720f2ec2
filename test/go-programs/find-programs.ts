import { createHash } from 'node:crypto'
import { accessSync, constants, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { withLock } from '../../scripts/setup/lock.mjs'
import { buildRecipe, goBuild } from './go-build.ts'
import type { GoModule } from './go-module.ts'

type Say = (text: string) => void

/**
 * Gives the folder with a module's programs, in a cache outside the checkout; builds those that are missing (some
 * minutes). Throws with one sentence that says what is missing.
 */
export async function findPrograms(module: GoModule, say: Say): Promise<string> {
  const folder = programsFolder(module)
  if (missingFrom(folder, module).length > 0) await buildMissing(folder, module, say)
  return folder
}

/** Those of a module's programs that a folder lacks. */
export function missingFrom(folder: string, module: GoModule): string[] {
  return Object.keys(module.packages).filter((program) => !isExecutable(join(folder, program)))
}

// Another folder for each recipe, so that an update never meets an old program.
function programsFolder(module: GoModule): string {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache')
  const hash = createHash('sha256').update(buildRecipe(module)).digest('hex').slice(0, 16)
  return join(cache, 'linkerd-tracing', hash)
}

// The lock spares a second run the same minutes of work; that neither ever sees half a program is due to the rename.
async function buildMissing(folder: string, module: GoModule, say: Say): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const waiting = () => say('another run is building the tools, waiting for it…')
  await withLock(join(folder, '.lock'), waiting, async () => {
    removeParts(folder)
    // One at a time: linking kube-apiserver alone takes 2.4 GB.
    for (const program of missingFrom(folder, module)) {
      const start = performance.now()
      say(`building ${program} into ${folder}…`)
      const part = join(folder, `.${program}.${process.pid}.part`)
      await goBuild(module, program, part)
      renameSync(part, join(folder, program))
      say(`built ${program} in ${((performance.now() - start) / 1000).toFixed(0)} s`)
    }
  })
}

function removeParts(folder: string): void {
  for (const name of readdirSync(folder)) if (name.endsWith('.part')) rmSync(join(folder, name))
}

/** Whether there is such a file, and whoever runs the tests may run it. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
