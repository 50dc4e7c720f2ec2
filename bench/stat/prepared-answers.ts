import type { Trace } from '../../src/spans/span.ts'
import { type ServedJaeger, serve } from '../../test/cli/read-traces/served-jaeger.ts'
import { asJaeger } from '../../test/cli/read-traces/served-traces.ts'

/** Serves traces that were made into JSON before, by their time: so that hardly anything but `stat` itself takes time. */
export function servePrepared(traces: readonly Trace[]): Promise<ServedJaeger> {
  const prepared = traces.map((trace) => ({
    firstUs: Math.min(...trace.spans.map(({ startUs }) => startUs)),
    lastUs: Math.max(...trace.spans.map(({ startUs }) => startUs)),
    json: Buffer.from(JSON.stringify(asJaeger(trace))),
  }))
  return serve(({ searchParams }, response) => {
    const [start, end] = ['start', 'end'].map((name) => Number(searchParams.get(name))) as [number, number]
    response.writeHead(200, { 'content-type': 'application/json' }).write('{"data":[')
    const found = prepared.filter(({ firstUs, lastUs }) => firstUs <= end && lastUs >= start)
    for (const [index, { json }] of found.entries()) {
      if (index > 0) response.write(',')
      response.write(json)
    }
    response.end('],"total":0,"limit":0,"offset":0,"errors":null}')
  })
}
