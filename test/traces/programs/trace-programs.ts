import { join } from 'node:path'
import { findPrograms } from '../../go-programs/find-programs.ts'
import type { GoModule } from '../../go-programs/go-module.ts'

/** The release of the OpenTelemetry Collector that is built; each line of ./collector/go.mod says it. */
const COLLECTOR_VERSION = 'v0.159.0'

const inFolder = (name: string) => join(import.meta.dirname, name)

// What is quick comes first.
const MODULES = {
  'opencensus-client': {
    what: 'The OpenCensus client',
    folder: inFolder('opencensus-client'),
    packages: { 'opencensus-client': '.' },
  },
  jaeger: {
    what: 'The tests’ Jaeger',
    folder: inFolder('jaeger'),
    packages: { jaeger: 'github.com/jaegertracing/jaeger/cmd/jaeger' },
  },
  otelcol: {
    what: 'The tests’ OpenTelemetry Collector',
    folder: inFolder('collector'),
    packages: { otelcol: '.' },
    linkerFlags: `-X main.version=${COLLECTOR_VERSION}`,
  },
} satisfies Record<string, GoModule>

export type TraceProgram = keyof typeof MODULES

/**
 * Where the programs of the trace tests are: in a cache outside the checkout, where they are built the first time (some
 * minutes). Throws with one sentence that says what is missing.
 */
export async function findTracePrograms(say: (text: string) => void): Promise<Record<TraceProgram, string>> {
  const find = async (name: TraceProgram) => join(await findPrograms(MODULES[name], say), name)
  // One after the other: linking takes memory.
  const client = await find('opencensus-client')
  const jaeger = await find('jaeger')
  return { 'opencensus-client': client, jaeger, otelcol: await find('otelcol') }
}
