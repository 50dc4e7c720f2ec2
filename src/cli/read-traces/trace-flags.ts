import { type Command, Option } from 'commander'
import { type LinkerdFlags, linkerdOptions } from '../linkerd-flags.ts'

/** Flags of every command that asks Jaeger. */
export interface JaegerFlags extends LinkerdFlags {
  readonly jaegerUrl?: string
}

/** Flags of the commands that read many traces. */
export interface TraceFlags extends JaegerFlags {
  readonly since: string
  readonly until?: string
  readonly service?: string
  readonly namespace?: string
  readonly selector: readonly string[]
  readonly maxSpans: string
  readonly timeout: string
  readonly output: TraceOutput
}

/** The formats of `-o`. */
export const TRACE_OUTPUTS = ['table', 'json'] as const
export type TraceOutput = (typeof TRACE_OUTPUTS)[number]

/** Adds the flags of a command that reads many traces. */
export function addTraceOptions(command: Command): Command {
  command
    .addOption(new Option('--since <time>', 'From when on: so long ago, or a point in time.').default('1h'))
    .addOption(new Option('--until <time>', 'Until when: so long ago, or a point in time; by default now.'))
    .addOption(new Option('--service <name>', 'Only this service, as Jaeger names it.'))
    .addOption(new Option('-n, --namespace <namespace>', 'Only services of this Namespace.'))
    .addOption(
      new Option('-l, --selector <labels>', 'Only spans with these labels or tags: key=value,…. May be given again.')
        .argParser((text: string, before: readonly string[]) => [...before, text])
        .default([], 'none'),
    )
    .addOption(new Option('--max-spans <number>', 'Read no more spans than this, the newest first.').default('1000000'))
    .addOption(new Option('--timeout <duration>', 'Read no longer than this, the newest first.').default('1m'))
    .addOption(new Option('-o, --output <format>', 'How to print it.').choices(TRACE_OUTPUTS).default('table'))
  return addJaegerOptions(command)
}

/** Adds the flags of a command that asks Jaeger. */
export function addJaegerOptions(command: Command): Command {
  command.addOption(new Option('--jaeger-url <url>', 'Where Jaeger’s page is; by default a port is forwarded.'))
  for (const option of linkerdOptions()) command.addOption(option)
  return command
}
