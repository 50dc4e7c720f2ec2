// Builds what the trace tests need, ahead of the first run: node test/traces/build-programs.ts
import { findTracePrograms } from './programs/trace-programs.ts'

try {
  const programs = await findTracePrograms((text) => process.stderr.write(`trace tests: ${text}\n`))
  for (const [name, file] of Object.entries(programs)) console.log(`${name}\t${file}`)
} catch (error) {
  process.stderr.write(`trace tests: ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}
