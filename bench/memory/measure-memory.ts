import { join } from 'node:path'
import { onCore } from '../on-core.ts'
import { type Load, postLoad } from '../post-load.ts'
import { startServe } from '../serve-process.ts'
import { shippedProgram } from '../shipped-program.ts'
import { readHeld } from './read-held.ts'

/** `gc` on a signal: what is over would come and go by tens of megabytes, and hide what stays. */
const COLLECT_ON_SIGNAL = 'data:text/javascript,process.on("SIGUSR2",()=>gc())'

/** What the server has after so many requests, once everything that is over has been collected. */
export interface MemorySample {
  readonly requests: number
  /** Within V8's heap and, as Buffers, outside of it. */
  readonly heldMiB: number
  readonly residentMiB: number
}

export interface MeasuredMemory {
  readonly idleMiB: number
  readonly samples: readonly MemorySample[]
  /** The most that it had in RAM while requests came. */
  readonly peakMiB: number
}

export interface MemoryPlan extends Load {
  readonly folder: string
  readonly samples: number
  readonly nodeFlags: readonly string[]
  readonly say: (text: string) => void
}

/** Starts the shipped server, has it answer that many reviews, half of them of new workloads, and looks at its memory between them. Linux only. */
export async function measureMemory(plan: MemoryPlan): Promise<MeasuredMemory> {
  const nodeFlags = [...plan.nodeFlags, '--expose-gc', '--import', COLLECT_ON_SIGNAL]
  const [file = '', ...words] = [...onCore(1), ...shippedProgram({ nodeFlags })]
  const server = await startServe([file, ...words], { certDir: join(plan.folder, 'tls') })
  try {
    const idleMiB = server.memory().resident
    const samples: MemorySample[] = []
    const requests = Math.ceil(plan.requests / plan.samples)
    let [done, peakMiB] = [0, 0]
    while (done < plan.requests) {
      // In turn Pods that are answered from memory, and Pods that are decided: neither may leave anything behind.
      const posted = await postLoad(server, { ...plan, requests, newWorkloads: samples.length % 2 === 1 })
      done += posted.requests
      peakMiB = Math.max(peakMiB, posted.peakMiB)
      const heldMiB = await readHeld(server)
      samples.push({ requests: done, heldMiB, residentMiB: server.memory().resident })
      if (samples.length % 5 === 0) plan.say(`${done.toLocaleString('en')} requests, at most ${peakMiB.toFixed(0)} MiB`)
    }
    return { idleMiB, samples, peakMiB }
  } finally {
    await server.end()
  }
}
