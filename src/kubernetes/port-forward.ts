import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { type KubeConfig, PortForward as PodConnector } from '@kubernetes/client-node'
import { actingAs, type Impersonation } from './impersonation.ts'
import { dialPod, type PodPort, type PodStream } from './pod-stream.ts'

/** A port of this machine that leads to one of a Pod. */
export interface PortForward {
  /** `127.0.0.1:PORT` */
  readonly address: string
  /** What the Pod’s node said last of a connection that it could not make; undefined: nothing. */
  readonly refusal: () => string | undefined
  readonly close: () => Promise<void>
}

/** Opens a way to a Pod's port, on any free port of this machine or on the one that is asked for. Rejects when there is none. */
export type OpenPortForward = (target: PodPort, localPort?: number) => Promise<PortForward>

/**
 * Takes access to a cluster, gives what opens ways to Pods, as `kubectl port-forward` does. The first connection is made at
 * once, so that a way that leads nowhere (no right, no such Pod, no kubelet) is an error and not a broken connection later.
 */
export function createPortForwards(config: KubeConfig, impersonation: Impersonation = {}): OpenPortForward {
  const connector = new PodConnector(actingAs(config, impersonation))
  return async (target, localPort = 0) => {
    let refusal: string | undefined
    const dial = (): Promise<PodStream> => dialPod(connector, target, (text) => (refusal = text))
    let spare: PodStream | undefined = await dial()
    const next = async (): Promise<PodStream> => {
      const kept = spare
      spare = undefined
      return kept?.isOpen() === true ? kept : dial()
    }
    const sockets = new Set<Socket>()
    const server = createServer((socket) => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
      socket.on('error', () => socket.destroy())
      next().then(
        (pod) => join(socket, pod),
        (error: Error) => {
          refusal = error.message
          socket.destroy()
        },
      )
    })
    try {
      await listen(server, localPort)
    } catch (error) {
      spare.close()
      throw error
    }
    return {
      address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
      refusal: () => refusal,
      close: async () => {
        spare?.close()
        for (const socket of sockets) socket.destroy()
        await new Promise<void>((resolve) => server.close(() => resolve()))
      },
    }
  }
}

function join(socket: Socket, pod: PodStream): void {
  // It may have gone while the Pod was dialled.
  if (socket.destroyed) {
    pod.close()
    return
  }
  socket.once('close', pod.close)
  socket.pipe(pod.input)
  pod.output.pipe(socket)
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}
