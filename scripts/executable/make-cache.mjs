// node make-cache.mjs PROGRAM CACHE: runs the wrapped program as `serve` until it serves, and writes V8's cache of it. Functions are
// compiled when they are first called, and only those that were are kept: of a program that has not run yet nearly none is.
import { EventEmitter } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { programScript } from './program-script.mjs'

const [program = '', cache = ''] = process.argv.slice(2)
const script = programScript(readFileSync(program, 'utf8'))
const module = { exports: {} }
script.runInThisContext()(module.exports, createRequire(program), module, program)

const folder = mkdtempSync(join(tmpdir(), 'linkerd-tracing-cache-'))
const signals = new EventEmitter()
const [stdout, stderr] = [new PassThrough({ encoding: 'utf8' }), new PassThrough({ encoding: 'utf8' })]
const places = ['--host', '127.0.0.1', '--port', '0', '--admin-port', '0', '--cert-dir', folder, '--drain-seconds', '0']
const served = module.exports.runProgram(['serve', ...places], {
  ...{ stdout, stderr, stdin: new PassThrough(), env: {}, signals, nodeVersion: process.version },
  setExitCode: () => {},
  exit: (code) => process.exit(code),
})
try {
  const ended = served.then(() => Promise.reject(new Error(`serve ended at once: ${stderr.read()}`)))
  await Promise.race([untilItServes(stdout), ended])
  writeFileSync(cache, script.createCachedData())
  signals.emit('SIGTERM')
  await served
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function untilItServes(lines) {
  return new Promise((resolve) => {
    let said = ''
    lines.on('data', (text) => {
      said += text
      if (said.includes('"msg":"serving"')) resolve()
    })
  })
}
