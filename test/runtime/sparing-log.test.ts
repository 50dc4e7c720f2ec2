import { expect, test } from 'vitest'
import { createLogger } from '../../src/runtime/logger.ts'
import { sparingLog } from '../../src/runtime/sparing-log.ts'

function clocked() {
  const written: string[] = []
  const clock = { nowMs: 1000 }
  const log = sparingLog(createLogger('info', { write: (line) => written.push(line) }), () => clock.nowMs)
  const lines = () =>
    written.splice(0).map((line) => {
      const { level, msg, time: _time, ...fields } = JSON.parse(line) as Record<string, unknown>
      return { level, msg, ...fields }
    })
  return { log, clock, lines }
}

test('a message comes once in ten seconds, and then says how many were left out', () => {
  const { log, clock, lines } = clocked()
  for (let spans = 1; spans <= 5; spans += 1) log.warn({ spans }, 'dropped')
  clock.nowMs += 9_999
  log.warn({ spans: 6 }, 'dropped')
  expect(lines()).toEqual([{ level: 'warn', msg: 'dropped', spans: 1 }])
  clock.nowMs += 1
  log.warn({ spans: 7 }, 'dropped')
  expect(lines()).toEqual([{ level: 'warn', msg: 'dropped', spans: 7, leftOut: 5 }])
  clock.nowMs += 10_000
  log.warn({ spans: 8 }, 'dropped')
  expect(lines()).toEqual([{ level: 'warn', msg: 'dropped', spans: 8 }])
})

test('different messages do not keep one another away', () => {
  const { log, lines } = clocked()
  log.warn({}, 'one')
  log.error({}, 'other')
  log.info({}, 'third')
  expect(lines()).toEqual([
    { level: 'warn', msg: 'one' },
    { level: 'error', msg: 'other' },
    { level: 'info', msg: 'third' },
  ])
})
