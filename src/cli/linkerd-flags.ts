import { InvalidArgumentError, Option } from 'commander'

/** The flags that every command of a Linkerd extension has, with Linkerd's own names. */
export interface LinkerdFlags {
  readonly linkerdNamespace: string
  readonly kubeconfig?: string
  readonly context?: string
  readonly as?: string
  readonly asGroup?: readonly string[]
  readonly apiAddr?: string
  readonly verbose?: boolean
}

/** Where Linkerd's control plane is when nothing else is said. */
export const USUAL_NAMESPACE = 'linkerd'

/** Gives the options that every command of a Linkerd extension has. */
export function linkerdOptions(): Option[] {
  return [
    new Option('-L, --linkerd-namespace <namespace>', 'Namespace of Linkerd’s control plane.').default(USUAL_NAMESPACE),
    new Option('--kubeconfig <file>', 'Kubeconfig of the cluster; else KUBECONFIG or ~/.kube/config.'),
    new Option('--context <name>', 'Context of the kubeconfig.'),
    new Option('--as <user>', 'User in whose name the cluster is asked.'),
    new Option('--as-group <group>', 'Group in whose name the cluster is asked. May be given again.').argParser(groups),
    new Option('--api-addr <address>', 'Taken and ignored: nothing here talks to Linkerd’s own API.'),
    booleanOption('--verbose', 'Tell on stderr what the cluster is asked.'),
  ]
}

/**
 * Takes a flag and its description, gives an option that is true when given alone. `linkerd check` hands its own flags on
 * to extensions as `--proxy=false`, which is no flag without a value.
 */
export function booleanOption(flag: string, description: string): Option {
  return new Option(`${flag} [true|false]`, description).argParser(parseBoolean)
}

function parseBoolean(text: string): boolean {
  if (text === 'true') return true
  if (text === 'false') return false
  throw new InvalidArgumentError('Only true and false are allowed.')
}

/** A list as `linkerd check` hands it on, `[a,b]` or `[]`; or one group. */
function groups(text: string, before: readonly string[] = []): readonly string[] {
  const [, list] = /^\[(.*)\]$/.exec(text) ?? []
  if (list === undefined) return [...before, text]
  return [...before, ...list.split(',').filter((group) => group !== '')]
}
