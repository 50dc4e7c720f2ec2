import type { LinkerdFlags } from '../linkerd-flags.ts'

/**
 * Takes the flags of a command, gives those that say which cluster is meant, to be pasted into a shell behind another command
 * of ours or of kubectl: without them it would act on the cluster that is the usual one. Pure.
 */
export function clusterFlags({ kubeconfig, context }: Pick<LinkerdFlags, 'kubeconfig' | 'context'>): string {
  const said = Object.entries({ kubeconfig, context })
  return said.flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${shellWord(value)}`])).join(' ')
}

/** Names of contexts have any characters, often those of an address: `arn:aws:eks:eu-west-1:1:cluster/shop`. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
