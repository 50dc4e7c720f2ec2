import { waitUntil } from '../../test/cluster/control-plane/wait-until.ts'
import { sumSeries } from '../../test/cluster/prometheus-text.ts'
import type { MemorySample } from './measure-memory.ts'

/** Has a server, started to collect garbage upon SIGUSR2, do so, and gives what its metrics say then. */
export async function readMemory(pid: number, admin: string): Promise<Omit<MemorySample, 'requests'>> {
  const before = collectionsIn(await metricsOf(admin))
  process.kill(pid, 'SIGUSR2')
  const text = await waitUntil({ what: 'garbage to be collected', limitMs: 20_000 }, async () => {
    const now = await metricsOf(admin)
    return collectionsIn(now) > before && now
  })
  return {
    // Buffers are outside of the heap.
    heldBytes: sumSeries(text, 'nodejs_heap_size_used_bytes') + sumSeries(text, 'nodejs_external_memory_bytes'),
    residentBytes: sumSeries(text, 'process_resident_memory_bytes'),
  }
}

async function metricsOf(admin: string): Promise<string> {
  return (await fetch(`${admin}/metrics`)).text()
}

function collectionsIn(text: string): number {
  return sumSeries(text, 'nodejs_gc_duration_seconds_count', { kind: 'major' })
}
