import { type Command, Option } from 'commander'
import type { CliContext } from './context.ts'
import { linkerdOptions } from './linkerd-flags.ts'
import { REVIEW_OUTPUTS } from './review/review-outputs.ts'

const DETAILS = `
For each workload the API server is asked to create a Pod of its template, as a dry run: Linkerd's
injector and linkerd-tracing are called as for a real one, and nothing is kept. Shown is the
decision, and what tracing changes in the Pod: the difference to the same Pod when it opts out.
Nothing else of the files is looked at: a Namespace has to be there already, with its label.

Examples:
  linkerd-tracing review -f deployment.yaml
  kubectl get deploy -n emojivoto -o yaml | linkerd-tracing review -f -
  linkerd-tracing review -f manifests/ -n emojivoto -o json

Exit codes: 0 all were decided, also where nothing is traced; 1 an error: the input cannot be used,
a Pod was refused, or linkerd-tracing gave no answer.
`

/** Adds the command `review` to the program. */
export function register(program: Command, context: CliContext): void {
  const command = program
    .command('review')
    .description('Show what tracing would do to the workloads of manifests, by dry runs in the cluster.')
    .requiredOption(
      '-f, --filename <file>',
      'YAML or JSON file; a directory stands for its .yaml, .yml and .json files, not deeper; - is standard input. May be given again.',
      (file: string, files: string[] | undefined) => [...(files ?? []), file],
    )
    .option('-n, --namespace <namespace>', 'Namespace of objects that name none.', 'default')
    .addOption(new Option('-o, --output <format>', 'How to print it.').choices(REVIEW_OUTPUTS).default('text'))
    .allowExcessArguments(false)
  for (const option of linkerdOptions()) command.addOption(option)
  command.addHelpText('after', DETAILS).action(async (flags) => {
    const { runReview } = await import('./review/run-review.ts')
    context.setExitCode(await runReview(flags, context))
  })
}
