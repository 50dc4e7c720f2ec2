import { join } from 'node:path'
import { findPrograms, missingFrom } from '../../go-programs/find-programs.ts'
import { CLUSTER_TOOLS } from './cluster-tools.ts'
import type { ToolName, Tools } from './tool-names.ts'

/**
 * Where the programs of a test cluster are: in KUBEBUILDER_ASSETS when that is set, else in a cache outside the
 * checkout, where they are built the first time (some minutes). Throws with one sentence that says what is missing.
 */
export async function findTools(say: (text: string) => void): Promise<Tools> {
  const assets = process.env['KUBEBUILDER_ASSETS']
  return assets ? toolsOfAssets(assets) : toolsIn(await findPrograms(CLUSTER_TOOLS, say))
}

function toolsOfAssets(folder: string): Tools {
  const missing = missingFrom(folder, CLUSTER_TOOLS)
  const needed = missing.filter((tool) => tool !== 'kube-controller-manager')
  if (needed.length > 0) throw new Error(`KUBEBUILDER_ASSETS is ${folder}, and that folder lacks ${needed.join(', ')}.`)
  const tools = toolsIn(folder)
  return missing.length > 0 ? { ...tools, 'kube-controller-manager': undefined } : tools
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
