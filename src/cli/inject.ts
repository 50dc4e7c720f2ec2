import type { Command } from 'commander'
import { addSettingOptions } from '../config/commander-options.ts'
import type { CliContext } from './context.ts'

const DETAILS = `
Every document is printed. One in which nothing changes keeps its text and comments; a line a
workload goes to stderr. The proxy must be in the manifests already: pipe them through
'linkerd inject --manual -' first.
A Namespace that --namespaces-file does not know counts as opted in, unless it is in the input too
and its label tracing.linkerd.io/inject is disabled; there its annotations count as well.

Read are Pods, Deployments, DaemonSets, StatefulSets, ReplicaSets, ReplicationControllers, Jobs,
CronJobs, and Lists of them; all else passes through. At most 64 MiB in all, and 8 MiB of YAML a
file.

Exit codes:
  0  fine, also when there was nothing to do
  1  an error: the input or a setting cannot be used; nothing was printed to stdout
  2  printed, but a workload was skipped for invalid-setting, unsupported-proxy or not-pod-create

Examples:
  linkerd-tracing inject -f deployment.yaml | kubectl apply -f -
  kubectl get deploy -o yaml | linkerd inject --manual - | linkerd-tracing inject -f - |
    kubectl apply -f -`

/** Adds `inject` to the program. */
export function register(program: Command, context: CliContext): void {
  const command = program
    .command('inject')
    .description('Add the trace settings to the workloads of manifests, offline: the same decision as the webhook’s.')
    .requiredOption(
      '-f, --filename <file>',
      'YAML or JSON file; a directory stands for its .yaml, .yml and .json files, not deeper; - is standard input. May be given again.',
      (file: string, files: string[] | undefined) => [...(files ?? []), file],
    )
    .option('-n, --namespace <namespace>', 'Namespace of objects that name none.', 'default')
    .addHelpText('after', DETAILS)
  addSettingOptions(command, 'inject').action(async (flags: InjectFlags) => {
    const { runInject } = await import('./inject/run-inject.ts')
    const { filename: filenames, namespace } = flags
    context.setExitCode(await runInject({ filenames, namespace, flags }, context))
  })
}

interface InjectFlags extends Readonly<Record<string, unknown>> {
  readonly filename: string[]
  readonly namespace: string
}
