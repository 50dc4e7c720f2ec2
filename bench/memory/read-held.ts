import { waitUntil } from '../../test/cluster/control-plane/wait-until.ts'
import { sumSeries } from '../../test/cluster/prometheus-text.ts'
import type { RunningServe } from '../serve-process.ts'

/** Has a server, started to collect garbage upon SIGUSR2, do so, and gives what its metrics say that it holds, in MiB. */
export async function readHeld({ pid, adminUrl }: RunningServe): Promise<number> {
  const before = collectionsIn(await metricsOf(adminUrl))
  let askedAt = Number.NEGATIVE_INFINITY
  const text = await waitUntil({ what: 'garbage to be collected', limitMs: 60_000 }, async () => {
    // Again, as a collection that joins one which is under way may not be counted as one.
    if (performance.now() - askedAt > 2_000) {
      process.kill(pid, 'SIGUSR2')
      askedAt = performance.now()
    }
    const now = await metricsOf(adminUrl)
    return collectionsIn(now) > before && now
  })
  // Buffers are outside of the heap.
  const held = sumSeries(text, 'nodejs_heap_size_used_bytes') + sumSeries(text, 'nodejs_external_memory_bytes')
  return held / 2 ** 20
}

async function metricsOf(adminUrl: string): Promise<string> {
  return (await fetch(`${adminUrl}/metrics`)).text()
}

function collectionsIn(text: string): number {
  return sumSeries(text, 'nodejs_gc_duration_seconds_count', { kind: 'major' })
}
