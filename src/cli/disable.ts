import type { Command } from 'commander'
import type { CliContext } from './context.ts'
import { registerOptIn } from './opt-in/opt-in-command.ts'

const DETAILS = `
Sets the label tracing.linkerd.io/inject=disabled, also on that of the control plane (control-plane,
or its name). Pods that exist already send spans until they are made anew: --restart does that, one
workload after the other, and stops at the first that does not come up again. Nothing is restarted
before a dry run of a Pod shows that it would not be traced.

Examples:
  linkerd-tracing disable emojivoto
  linkerd-tracing disable emojivoto books --restart --timeout 5m
  linkerd-tracing disable control-plane
  linkerd-tracing disable emojivoto --restart --dry-run

Exit codes: 0 done, or there was nothing to do; 1 something could not be done, or is still traced
after its restart.
`

/** Adds the command `disable` to the program. */
export function register(program: Command, context: CliContext): void {
  registerOptIn(program, context, {
    action: 'disable',
    description: 'Opt Namespaces out: new Pods of theirs are not traced.',
    details: DETAILS,
  })
}
