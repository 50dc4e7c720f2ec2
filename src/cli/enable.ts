import type { Command } from 'commander'
import type { CliContext } from './context.ts'
import { registerOptIn } from './opt-in/opt-in-command.ts'

const DETAILS = `
Sets the label tracing.linkerd.io/inject=enabled. The control plane is in unless it was opted out:
for it (control-plane, or the name of its Namespace) the label "disabled" is taken away. Pods that
exist already are traced once they are made anew: --restart does that, one workload after the other,
and stops at the first that does not come up again. Nothing is restarted before a dry run of a Pod
shows that it would be traced.

Examples:
  linkerd-tracing enable emojivoto
  linkerd-tracing enable emojivoto books --restart --timeout 5m
  linkerd-tracing enable control-plane
  linkerd-tracing enable emojivoto --restart --dry-run

Exit codes: 0 done, or there was nothing to do; 1 something could not be done, or is not traced
after its restart.
`

/** Adds the command `enable` to the program. */
export function register(program: Command, context: CliContext): void {
  registerOptIn(program, context, {
    action: 'enable',
    description: 'Opt Namespaces in: their Pods are traced from now on.',
    details: DETAILS,
  })
}
