import type { JSX } from 'preact'
import { useContext, useState } from 'preact/hooks'
import { Announce } from './announce.ts'
import { ClusterFlags, commandOf } from './cluster-flags.ts'

/** A command for a shell, and what copies it. */
export function CopyCommand({ command: ofAnyCluster }: { readonly command: string }): JSX.Element {
  const command = commandOf(ofAnyCluster, useContext(ClusterFlags))
  const [copied, setCopied] = useState<string | undefined>()
  const announce = useContext(Announce)
  const copy = async (): Promise<void> => {
    const outcome = await navigator.clipboard.writeText(command).then(
      () => 'Copied',
      () => 'Could not be copied',
    )
    setCopied(outcome)
    announce(outcome)
    setTimeout(() => setCopied(undefined), SHOWN_MS)
  }
  return (
    <span class="command">
      <code>{command}</code>
      <button type="button" onClick={() => void copy()} aria-label={`Copy: ${command}`}>
        {copied ?? 'Copy'}
      </button>
    </span>
  )
}

const SHOWN_MS = 2_000
