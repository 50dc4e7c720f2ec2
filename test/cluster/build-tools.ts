// Builds what a test cluster needs, ahead of the first run: node test/cluster/build-tools.ts
import { findTools } from './tools/find-tools.ts'

try {
  const tools = await findTools((text) => process.stderr.write(`cluster tools: ${text}\n`))
  for (const [name, file] of Object.entries(tools)) console.log(`${name}\t${file ?? '(missing)'}`)
} catch (error) {
  process.stderr.write(`cluster tools: ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}
