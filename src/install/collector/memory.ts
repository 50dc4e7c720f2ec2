import type { Components, ConfigMap } from '../component-config.ts'

/** Share of the container's memory that the collector's heap may take; the rest is stacks, code and one peak. */
const HEAP_SHARE = 0.8

/**
 * Takes the container's memory in MiB, gives the processor that refuses spans before memory runs out. Between two
 * looks, a second apart, a fifth of the heap can be filled.
 * Source: README of memory_limiter, "Best Practices".
 */
export function memoryLimiter(memoryMib: number): Components {
  const heap = heapMib(memoryMib)
  return { memory_limiter: { check_interval: '1s', limit_mib: heap, spike_limit_mib: Math.floor(heap / 5) } }
}

/** Takes the container's memory in MiB, gives GOMEMLIMIT: Go then collects garbage before it fills the container. */
export function goMemoryLimit(memoryMib: number): string {
  return `${heapMib(memoryMib)}MiB`
}

function heapMib(memoryMib: number): number {
  return Math.floor(memoryMib * HEAP_SHARE)
}

/**
 * Takes memory and number of backends, gives the queue of one. A span in memory takes about four times its bytes on the
 * wire; an eighth of the container's memory on the wire is half of it in memory, which stays below the limiter's.
 */
export function sendingQueue(memoryMib: number, backends: number): ConfigMap {
  const bytes = Math.floor((memoryMib * 1024 * 1024) / 8 / backends)
  return { enabled: true, sizer: 'bytes', queue_size: bytes, num_consumers: 4 }
}
