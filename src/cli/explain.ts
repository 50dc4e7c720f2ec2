import { type Command, Option } from 'commander'
import type { CliContext } from './context.ts'
import { EXPLAIN_OUTPUTS } from './explain/explain-outputs.ts'
import type { ExplainFlags } from './explain/run-explain.ts'
import { linkerdOptions } from './linkerd-flags.ts'

const DETAILS = `
Looks at every link between the label of a Namespace and a span in Jaeger, in their order: opt-in,
proxy, settings, webhook, the proxy's variables, the collector, its identity, and spans of the last
hour. The first broken one is the one to put right. Of a workload the newest Pod is looked at.
Nothing is changed; Jaeger is asked through a port that is forwarded, or at --jaeger-url.

Examples:
  linkerd-tracing explain pod/web-6d8f5c9b7d-x2x4x -n emojivoto
  linkerd-tracing explain deploy/web -n emojivoto
  linkerd-tracing explain deploy/web -n emojivoto -o json --jaeger-url http://127.0.0.1:16686/jaeger

Exit codes: 0 no link is broken, whether all could be checked or not; 1 one is, or an error.
`

/** Adds the command `explain` to the program. */
export function register(program: Command, context: CliContext): void {
  const command = program
    .command('explain')
    .description('Say why a Pod is traced, or is not: every link from the label to the span.')
    .argument('<type/name>', 'A Pod, or a Deployment, StatefulSet, DaemonSet, ReplicaSet or Job.')
    .addOption(
      new Option('-n, --namespace <namespace>', 'Namespace of the Pod; else that of the kubeconfig’s context.'),
    )
    .addOption(new Option('-o, --output <format>', 'How to print it.').choices(EXPLAIN_OUTPUTS).default('table'))
    .addOption(new Option('--jaeger-url <url>', 'Where Jaeger’s page is; by default a port is forwarded.'))
  for (const option of linkerdOptions()) command.addOption(option)
  command.addHelpText('after', DETAILS).action(async (target: string, flags: ExplainFlags) => {
    const { runExplain } = await import('./explain/run-explain.ts')
    context.setExitCode(await runExplain(target, flags, context))
  })
}
