import type { PortForward } from '../../kubernetes/port-forward.ts'

export interface ForwardingParts {
  /** Ports of this machine to try, in this order; 0: any. */
  readonly ports: readonly number[]
  /** Gives the Pods that may be led to. */
  readonly findPods: () => Promise<readonly string[]>
  readonly open: (pod: string, port: number) => Promise<PortForward>
  readonly ended: AbortSignal
  /** Resolves when it is time to look again; rejects when all is ended. */
  readonly pause: () => Promise<void>
  /** Told once, with `127.0.0.1:PORT`. */
  readonly onOpen: (address: string) => Promise<void>
  readonly onChange: (text: string) => void
}

interface Way extends PortForward {
  readonly pod: string
}

/**
 * Leads a port to one of the Pods until it is ended; when that Pod goes, to another one by the same port. Rejects when there
 * is no way to begin with; what goes wrong later is told, and tried again.
 */
export async function keepForwarding(parts: ForwardingParts): Promise<void> {
  const { ended, onOpen, onChange } = parts
  const [pod] = await parts.findPods()
  if (pod === undefined) throw new Error('no Pod of Jaeger is ready: linkerd-tracing check tells why')
  let way: Way | undefined = await openFirst(parts, pod)
  const port = Number(way.address.split(':')[1])
  await onOpen(way.address)
  while (await isTime(parts)) {
    const pods = await parts.findPods().catch(() => undefined)
    // Unknown, as the API server is away: what leads somewhere may still do.
    if (pods === undefined || ended.aborted) continue
    if (way !== undefined && !pods.includes(way.pod)) {
      onChange(`Pod ${way.pod} is gone; waiting for another one`)
      await way.close()
      way = undefined
    }
    way ??= await openAgain(parts, pods, port)
  }
  await way?.close()
}

async function openFirst({ ports, open }: Pick<ForwardingParts, 'ports' | 'open'>, pod: string): Promise<Way> {
  const [port = 0, ...others] = ports
  try {
    return { pod, ...(await open(pod, port)) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    if (others.length === 0) throw new Error(`port ${port} of this machine is taken; --port 0 takes any`)
    return openFirst({ ports: others, open }, pod)
  }
}

async function openAgain(
  { open, onChange }: ForwardingParts,
  [pod]: readonly string[],
  port: number,
): Promise<Way | undefined> {
  if (pod === undefined) return undefined
  try {
    const way = { pod, ...(await open(pod, port)) }
    onChange(`connected to Pod ${pod}`)
    return way
  } catch (error) {
    onChange(`Pod ${pod}: ${(error as Error).message}`)
    return undefined
  }
}

async function isTime({ pause, ended }: ForwardingParts): Promise<boolean> {
  await pause().catch(() => {})
  return !ended.aborted
}
