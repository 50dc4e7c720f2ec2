import { createHash } from 'node:crypto'
import { accessSync, constants, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { withLock } from '../../../scripts/setup/lock.mjs'
import { buildRecipe, goBuild } from './go-build.ts'
import { TOOL_NAMES, type ToolName, type Tools } from './tool-names.ts'

type Say = (text: string) => void

/**
 * Where the programs of a test cluster are: in KUBEBUILDER_ASSETS when that is set, else in a cache outside the
 * checkout, where they are built the first time (some minutes). Throws with one sentence that says what is missing.
 */
export async function findTools(say: Say): Promise<Tools> {
  const assets = process.env['KUBEBUILDER_ASSETS']
  if (assets) return toolsOfAssets(assets)
  const folder = toolsFolder()
  if (missingFrom(folder).length > 0) await buildMissing(folder, say)
  return toolsIn(folder)
}

/** The folder of built programs: another one for each recipe, so that an update never meets an old program. */
export function toolsFolder(): string {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache')
  const hash = createHash('sha256').update(buildRecipe()).digest('hex').slice(0, 16)
  return join(cache, 'linkerd-tracing', hash)
}

function toolsOfAssets(folder: string): Tools {
  const missing = missingFrom(folder)
  const needed = missing.filter((tool) => tool !== 'kube-controller-manager')
  if (needed.length > 0) throw new Error(`KUBEBUILDER_ASSETS is ${folder}, and that folder lacks ${needed.join(', ')}.`)
  const tools = toolsIn(folder)
  return missing.length > 0 ? { ...tools, 'kube-controller-manager': undefined } : tools
}

// The lock spares a second run the same minutes of work; that neither ever sees half a program is due to the rename.
async function buildMissing(folder: string, say: Say): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const waiting = () => say('another run is building the tools, waiting for it…')
  await withLock(join(folder, '.lock'), waiting, async () => {
    removeParts(folder)
    // One at a time: linking kube-apiserver alone takes 2.4 GB.
    for (const tool of missingFrom(folder)) await buildInto(folder, tool, say)
  })
}

async function buildInto(folder: string, tool: ToolName, say: Say): Promise<void> {
  const start = performance.now()
  say(`building ${tool} into ${folder}…`)
  const part = join(folder, `.${tool}.${process.pid}.part`)
  await goBuild(tool, part)
  renameSync(part, join(folder, tool))
  say(`built ${tool} in ${((performance.now() - start) / 1000).toFixed(0)} s`)
}

function removeParts(folder: string): void {
  for (const name of readdirSync(folder)) if (name.endsWith('.part')) rmSync(join(folder, name))
}

function missingFrom(folder: string): ToolName[] {
  return TOOL_NAMES.filter((tool) => !isExecutable(join(folder, tool)))
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function toolsIn(folder: string): Tools {
  const at = (tool: ToolName) => join(folder, tool)
  return {
    etcd: at('etcd'),
    'kube-apiserver': at('kube-apiserver'),
    kubectl: at('kubectl'),
    'kube-controller-manager': at('kube-controller-manager'),
  }
}
