// npm run bench:memory: whether the webhook's memory stays the same over a million requests.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readNumber, runBench } from './bench-command.ts'
import { measureMemory } from './memory/measure-memory.ts'
import { memorySection, memoryTable } from './memory/memory-report.ts'
import { SHIPPED_NODE_FLAGS } from './shipped-program.ts'
import { PAYLOADS, type Payload } from './webhook/measure-servers.ts'
import { findBenchPrograms } from './webhook/programs.ts'

const HELP = `Usage: npm run bench:memory -- [flags]

Posts reviews to one server, collects its garbage now and then, and writes the section "Memory over a million requests" of
docs/benchmarks.md. A run of the defaults takes some ten minutes. The first run builds the load generator with Go
(seconds). Linux only.

  --requests N    how many in all (default: 1000000)
  --samples N     how often its memory is looked at (default: 40, at least 20)
  --payload NAME  small, real, large or unmeshed (default: real)
  --clients N     requests in flight (default: 8)
  --node-flags=F  flags of Node for the server, with blanks between them (default: the image’s)
  --no-write      print the table, and leave the page as it is
  -h, --help      this text
`

await runBench({
  help: HELP,
  flags: {
    requests: '1000000',
    samples: '40',
    payload: 'real',
    clients: '8',
    'node-flags': SHIPPED_NODE_FLAGS.join(' '),
  },
  heading: 'Memory over a million requests',
  measure: async (flags, { say, date, machine }) => {
    const folder = mkdtempSync(join(tmpdir(), 'bench-memory-'))
    const plan = {
      folder,
      say,
      program: (await findBenchPrograms(say)).load,
      payload: readPayload(flags.payload),
      requests: readNumber('requests', flags.requests, 1_000),
      samples: readNumber('samples', flags.samples, 20),
      clients: readNumber('clients', flags.clients, 1),
      nodeFlags: flags['node-flags'].split(' ').filter((flag) => flag !== ''),
    }
    try {
      const measured = await measureMemory(plan)
      return { table: memoryTable(measured), section: memorySection(measured, { ...plan, date, machine }) }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
})

function readPayload(name: string): Payload {
  const found = PAYLOADS.find((payload) => payload === name)
  if (found === undefined) throw new Error(`--payload must be one of ${PAYLOADS.join(', ')}, not ${name}.`)
  return found
}
