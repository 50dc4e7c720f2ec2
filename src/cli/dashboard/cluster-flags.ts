import { type LinkerdFlags, USUAL_NAMESPACE } from '../linkerd-flags.ts'

/**
 * Takes the flags of a command, gives those that say which cluster is meant, and in whose name, to be pasted into a shell behind another command
 * of ours or of kubectl: without them it would act on the cluster that is the usual one. Pure.
 */
export function clusterFlags({ kubeconfig, context, as: user, asGroup = [] }: Partial<LinkerdFlags>): string {
  const groups = asGroup.map((group) => ['as-group', group] as const)
  const said = [['kubeconfig', kubeconfig], ['context', context], ['as', user], ...groups] as const
  return said.flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${shellWord(value)}`])).join(' ')
}

/** Takes the flags of a command, gives those that another command of ours needs besides; kubectl has none for it. Pure. */
export function linkerdFlags({ linkerdNamespace }: Pick<LinkerdFlags, 'linkerdNamespace'>): string {
  return linkerdNamespace === USUAL_NAMESPACE ? '' : `-L ${shellWord(linkerdNamespace)}`
}

/** Names of contexts have any characters, often those of an address: `arn:aws:eks:eu-west-1:1:cluster/shop`. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
