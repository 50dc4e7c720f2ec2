import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { createLogger } from '../../src/runtime/logger.ts'
import { shutdownOnSignals } from '../../src/runtime/shutdown.ts'

function begin(options: { drainMs: number; close?: () => Promise<void> }) {
  const signals = new EventEmitter()
  const events: string[] = []
  const started = performance.now()
  const { promise: exited, resolve } = Promise.withResolvers<{ code: number; afterMs: number }>()
  const log = createLogger('info', {
    write: (line: string) => void events.push((JSON.parse(line) as { msg: string }).msg),
  })
  shutdownOnSignals({
    signals,
    drainMs: options.drainMs,
    startDraining: () => void events.push('draining'),
    close:
      options.close ??
      (async () => {
        events.push('close')
      }),
    exit: (code) => {
      events.push(`exit ${code}`)
      resolve({ code, afterMs: performance.now() - started })
    },
    log,
  })
  return { signals, events, exited }
}

test('SIGTERM drains for as long as told, then closes, then exits with 0', async () => {
  const { signals, events, exited } = begin({ drainMs: 150 })
  signals.emit('SIGTERM')
  expect(events).toEqual(['shutting down', 'draining'])
  const { code, afterMs } = await exited
  expect(code).toBe(0)
  expect(afterMs).toBeGreaterThanOrEqual(145)
  expect(events).toEqual(['shutting down', 'draining', 'close', 'closed', 'exit 0'])
})

test('SIGINT does not wait', async () => {
  const { signals, exited } = begin({ drainMs: 60_000 })
  signals.emit('SIGINT')
  const { code, afterMs } = await exited
  expect(code).toBe(0)
  expect(afterMs).toBeLessThan(2000)
})

test.each([
  ['SIGTERM', 'SIGTERM'],
  ['SIGTERM', 'SIGINT'],
  ['SIGINT', 'SIGTERM'],
])('%s, then %s: the second one aborts with 1', async (first, second) => {
  const { signals, events, exited } = begin({ drainMs: 60_000, close: () => new Promise(() => {}) })
  signals.emit(first)
  signals.emit(second)
  expect((await exited).code).toBe(1)
  expect(events.slice(-2)).toEqual(['second signal: aborted', 'exit 1'])
})

test('a close that fails is logged and exits with 1', async () => {
  const { signals, events, exited } = begin({ drainMs: 0, close: () => Promise.reject(new Error('no')) })
  signals.emit('SIGTERM')
  expect((await exited).code).toBe(1)
  expect(events).toContain('closing failed')
})
