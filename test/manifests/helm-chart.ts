import { join } from 'node:path'
import type { Manifest } from '../../src/install/webhook-configurations.ts'
import { root } from '../source-files.ts'
import { parseObjects } from './object-set.ts'
import { type ProgramAnswer, runProgram } from './run-program.ts'
import type { SaidValues } from './value-sets.ts'

export const CHART = join(root, 'manifests/helm/linkerd-tracing')

/** Built by hand, Helm takes itself to be of Kubernetes 1.20. */
const KUBERNETES = ['--kube-version', 'v1.37.2']

/** Runs `helm template` with values as `install` takes them: the namespace, which is one of them there, is the release's here. */
export function helmTemplate(
  helm: string,
  { namespace = 'linkerd-tracing', ...values }: SaidValues,
): Promise<ProgramAnswer> {
  const args = ['template', 'linkerd-tracing', CHART, '--namespace', String(namespace), '--values', '-', ...KUBERNETES]
  return runProgram(helm, args, JSON.stringify({ createNamespace: true, ...values }))
}

/** Gives the objects that Helm renders. Throws with what Helm said. */
export async function renderChart(helm: string, values: SaidValues): Promise<Manifest[]> {
  const { code, stdout, stderr } = await helmTemplate(helm, values)
  if (code !== 0) throw new Error(stderr)
  return parseObjects(stdout)
}
