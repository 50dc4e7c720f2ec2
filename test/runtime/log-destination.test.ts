import { spawn } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { logDestination } from '../../src/runtime/log-destination.ts'

const MODULE = new URL('../../src/runtime/log-destination.ts', import.meta.url).href

/** Runs a script in a process of its own, whose log goes to a pipe. */
function run(script: string) {
  const whole = `import { logDestination } from '${MODULE}'\nconst log = logDestination(process.stdout, process)\n${script}`
  return spawn(process.execPath, ['--input-type=module', '--eval', whole], { stdio: 'pipe' })
}

describe('the log of a process', () => {
  test('has all lines, in order, when the process exits at once', async () => {
    const child = run(`for (let i = 0; i < 1000; i++) log.write(i + '\\n'); process.exit(0)`)
    expect((await text(child.stdout)).trimEnd().split('\n')).toEqual(Array.from({ length: 1000 }, (_, i) => String(i)))
  })

  test('has a single line soon, and not only when there are many', async () => {
    const child = run(`log.write('one\\n'); setInterval(() => {}, 1000)`)
    const first = await new Promise<Buffer>((resolve) => child.stdout.once('data', resolve))
    expect(first.toString()).toBe('one\n')
    child.kill('SIGKILL')
  })

  test('does not hold up the process when nobody reads it', async () => {
    const child = run(`
      const line = 'x'.repeat(1023) + '\\n'
      for (let i = 0; i < 300000; i++) log.write(line)
      setTimeout(() => { process.stderr.write('went on, ' + (process.memoryUsage().rss < 200e6)); process.kill(process.pid, 'SIGKILL') }, 300)`)
    expect(await text(child.stderr)).toBe('went on, true')
  })

  test('lets the process exit when its reader has stopped, or has gone', async () => {
    const full = run(`for (let i = 0; i < 2000; i++) log.write('x'.repeat(999) + '\\n'); process.exit(0)`)
    expect(await new Promise((resolve) => full.once('exit', resolve))).toBe(0)
    const gone = run(
      `process.stderr.write('ready'); process.stdin.once('end', () => { log.write('line\\n'); process.exit(0) }).resume()`,
    )
    gone.stderr.once('data', () => {
      gone.stdout.destroy()
      gone.stdin?.end()
    })
    expect(await new Promise((resolve) => gone.once('exit', resolve))).toBe(0)
  })

  test('does not end the process when its reader goes away', async () => {
    const child = run(`
      setInterval(() => log.write('line\\n'), 20)
      setTimeout(() => { process.stderr.write('still here'); process.exit(0) }, 1000)`)
    child.stdout.once('data', () => child.stdout.destroy())
    expect(await text(child.stderr)).toBe('still here')
  })
})

test('a stream that is none of the process gets each line as it comes', () => {
  const lines: string[] = []
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk))
      done()
    },
  })
  logDestination(stream, new EventEmitter()).write('a\n')
  expect(lines).toEqual(['a\n'])
})
