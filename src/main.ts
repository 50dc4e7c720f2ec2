#!/usr/bin/env node
import { closeSync } from 'node:fs'
import nodeModule from 'node:module'
import { join } from 'node:path'
import { metadataAsked } from './cli/extension-metadata.ts'
import { nodeVersionMistake } from './cli/node-version.ts'

// The only file that touches the process: all else gets what it needs from here.
const mistake = nodeVersionMistake(process.versions.node)
if (mistake !== undefined) {
  process.stderr.write(`error: ${mistake}\n`)
  process.exitCode = 1
} else {
  void start()
}

// No await at the top: the single executable is a CommonJS script, which has none.
async function start(): Promise<void> {
  // A reader that goes away (`| head`, a log collector that restarts) must not end a webhook, nor a command with a stack.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  const words = process.argv.slice(2)
  const metadata = metadataAsked(words)
  if (metadata !== undefined) {
    process.stdout.write(metadata)
    return
  }
  // To end stdout does not close it, and a kubectl that reads it would wait for ever (`install --wait`).
  process.stdout.on('finish', () => closeSync(1))
  // Of the bundle (a second start is a fifth cheaper), not of the sources, which change. Where it cannot be written, the
  // program starts without. In a folder of our own: others may write into the one that Node would take.
  const here = import.meta.dirname
  if (import.meta.filename.endsWith('main.js')) nodeModule.enableCompileCache(join(here, '.compile-cache'))
  // Imported here: on a Node that is too old, loading it would fail with an error that helps nobody.
  const { runProgram } = await import('./cli/run-program.ts')
  await runProgram(words, {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    env: process.env,
    signals: process,
    nodeVersion: process.version,
    setExitCode: (code) => {
      process.exitCode = code
    },
    exit: (code) => process.exit(code),
  })
}
